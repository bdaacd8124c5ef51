package io.waybill.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadmeLoopTest {

    private final PrintStream console = System.out;

    @AfterEach
    void giveBackTheConsole() {
        System.setOut(console);
    }

    @Test
    void theRunThatIsNotDoneIsLoadedAndIsDoneThen() throws InterruptedException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));

        ReadmeLoop.main(new String[0]);

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("loads run=2017-04-11-10-00-00/", "true");
    }

    @Test
    void theReadmeQuotesAllOfIt() throws IOException {
        Pages.assertWhole(ReadmeLoop.class, "README.md");
    }
}
