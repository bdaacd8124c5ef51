package io.waybill.manifest.jdbc;

class PostgresProcessTest extends ProcessContract {

    private final String location = PostgresServer.shared().url() + "&table=" + PostgresServer.newName();

    @Override
    String location() {
        return location;
    }

    @Override
    int twinRuns() {
        return 500;
    }
}
