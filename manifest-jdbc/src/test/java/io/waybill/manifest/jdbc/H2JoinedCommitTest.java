package io.waybill.manifest.jdbc;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;

class H2JoinedCommitTest extends JoinedCommitContract {

    private static final JdbcConnectionPool POOL =
            JdbcConnectionPool.create("jdbc:h2:mem:joined;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=200", "sa", "");

    @AfterAll
    static void closePool() {
        POOL.dispose();
    }

    @Override
    DataSource dataSource() {
        return POOL;
    }
}
