package io.waybill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PendingRunsTest {

    @Test
    void theServerCountsAStatementForAThousandRunsAgainstOneForEach() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

        int code = new CommandLine(new PendingRuns(out, nowhere)).execute("--runs", "2500", "--rounds", "1");

        assertThat(code).isZero();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("2,500 listed runs, 2,476 of them processed; PostgreSQL 18")
                .containsPattern("pending +3 ")
                .containsPattern("pending, near-cache +1 ")
                .containsPattern("one contains per run +2,500 ")
                .contains("(24 found)");
    }
}
