package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualPageTest {

    @Test
    void itHasTheHelpOfEachCommand() throws Exception {
        Result page = Workbench.call("completion", "--man");
        assertThat(page.code()).isZero();
        for (String command : List.of("transform", "run", "mark", "copy")) {
            assertThat(page.out()).contains(".SH \"waybill " + command + "\"\n.nf\n");
        }
        assertThat(page.out()).contains("\\-\\-ready\\-marker").startsWith(".TH WAYBILL 1 ");
        assertThat(page.out().lines().filter(line -> line.startsWith(".")))
                .as("no line of help is taken for a request")
                .allMatch(line -> line.matches("\\.(TH|SH|nf|fi)\\b.*"));
    }
}
