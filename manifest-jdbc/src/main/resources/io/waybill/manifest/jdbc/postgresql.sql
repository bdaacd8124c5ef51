-- The run manifest on PostgreSQL: one row per job and run. Runs are ordered by the bytes of their UTF-8 text.
CREATE TABLE waybill_run (
  job         text        NOT NULL,
  run_id      text        COLLATE "C" NOT NULL,
  version     bigint      NOT NULL,
  state       varchar(16) NOT NULL,
  owner       text        NOT NULL,
  token       text        NOT NULL,
  at_ms       bigint      NOT NULL,
  lease_ms    bigint      NOT NULL,
  attempts    integer     NOT NULL,
  retry_at_ms bigint,
  details     text        NOT NULL,
  PRIMARY KEY (job, run_id)
);
