-- The run manifest on H2: one row per job and run. H2 orders text by UTF-16 units; run_key orders it by its UTF-8 bytes.
CREATE TABLE waybill_run (
  job         VARCHAR(255)   NOT NULL,
  run_id      VARCHAR(1024)  NOT NULL,
  run_key     VARBINARY(1024) GENERATED ALWAYS AS (CAST(run_id AS VARBINARY(1024))),
  version     BIGINT         NOT NULL,
  state       VARCHAR(16)    NOT NULL,
  owner       VARCHAR(256)   NOT NULL,
  token       VARCHAR(64)    NOT NULL,
  at_ms       BIGINT         NOT NULL,
  lease_ms    BIGINT         NOT NULL,
  attempts    INTEGER        NOT NULL,
  retry_at_ms BIGINT,
  details     VARCHAR(65536) NOT NULL,
  PRIMARY KEY (job, run_id),
  UNIQUE (job, run_key)
);
