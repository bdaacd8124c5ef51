package io.waybill.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeLoopTest {

    @Test
    void theRunThatIsNotDoneIsLoadedAndIsDoneThen() throws InterruptedException {
        List<RunId> loaded = new ArrayList<>();

        assertThat(new ReadmeLoop(loaded::add).run()).isTrue();

        assertThat(loaded).containsExactly(new RunId("run=2017-04-11-10-00-00/"));
    }

    @Test
    void theReadmeQuotesIt() throws IOException {
        Pages.assertQuote(ReadmeLoop.class, "loop", "README.md");
    }
}
