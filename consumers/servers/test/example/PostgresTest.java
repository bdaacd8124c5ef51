package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

class PostgresTest {

    @Test
    void theConsumerRunsOnAServer() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            String url = "jdbc:postgresql://localhost:%d/postgres?user=postgres&password=postgres".formatted(server.getPort());
            assertEquals("false true true", RuntimeClassPath.run("postgresql", url));
        }
    }
}
