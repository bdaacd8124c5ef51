package io.waybill.manifest.jdbc;

class PostgresProcessTest extends ProcessContract {

    private final String location = PostgresServer.shared().url() + "&table=" + PostgresServer.newName();

    @Override
    String location() {
        return location;
    }

    @Override
    int claimedRuns() {
        return 2_000;
    }

    @Override
    int twinRuns() {
        return 500;
    }

    @Override
    int processedRuns() {
        return 500;
    }
}
