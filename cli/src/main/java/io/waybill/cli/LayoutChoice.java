package io.waybill.cli;

import io.waybill.archive.RunLayout;
import picocli.CommandLine.Option;

/** Which folders of an archive are runs. */
final class LayoutChoice {

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            defaultValue = "run=uuuu-MM-dd-HH-mm-ss",
            description =
                    "Which folders of the archive are runs: ${DEFAULT-VALUE} (default), date=/hour=, uuuu/MM/dd/HH, or"
                            + " regular expressions with named groups year, month, day, hour.")
    private String layout = "";

    RunLayout layout() {
        return RunLayout.of(layout);
    }
}
