-- A table and records as version 0.1 wrote them. Never changed: a later version must read them.
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
INSERT INTO waybill_run (job, run_id, version, state, owner, token, at_ms, lease_ms, attempts, retry_at_ms, details) VALUES
  ('default', 'run=2017-04-11-10-00-00/', 2, 'PROCESSED', 'pid 71 on etl-1', 'b7c1d0e4-5a3f-4c1e-9d52-000000000001', 1491904812345, 0, 0, NULL, '{"bad_rows":"0","events":"1204","output":"json/run=2017-04-11-10-00-00/"}'),
  ('default', 'run=2017-04-11-11-00-00/', 1, 'PROCESSING', 'pid 71 on etl-1', 'b7c1d0e4-5a3f-4c1e-9d52-000000000002', 1491908400000, 600000, 0, NULL, '{}'),
  ('default', 'run=2017-04-11-12-00-00/', 4, 'FAILED', 'pid 9 on etl-2', 'b7c1d0e4-5a3f-4c1e-9d52-000000000003', 1491912000001, 0, 2, 1491912060001, '{"reason":"java.io.IOException: disk \"full\"\n\u00fc"}'),
  ('default', 'run=2017-04-11-13-00-00/', 10, 'FAILED', 'pid 9 on etl-2', 'b7c1d0e4-5a3f-4c1e-9d52-000000000004', 1491915600000, 0, 5, NULL, '{"reason":"no more"}'),
  ('default', 'run=2017-04-11-14-00-00/', 3, 'SKIPPED', 'operator', 'b7c1d0e4-5a3f-4c1e-9d52-000000000005', 1491919200000, 0, 0, NULL, '{"reason":"not wanted"}'),
  ('default', 'run=2017-04-11-15-00-00/', 3, 'NEW', 'operator', 'b7c1d0e4-5a3f-4c1e-9d52-000000000006', 1491922800000, 0, 0, NULL, '{}'),
  ('another', 'run=2017-04-11-10-00-00/', 1, 'PROCESSED', 'operator', 'b7c1d0e4-5a3f-4c1e-9d52-000000000007', 1491904812345, 0, 0, NULL, '{}');
