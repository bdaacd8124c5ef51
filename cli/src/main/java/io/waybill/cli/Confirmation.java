package io.waybill.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether the user means what is hard to take back: asked on a terminal, said beforehand in a script. */
final class Confirmation {

    @Option(names = "--yes", description = "Do it without asking.")
    private boolean yes;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec command;

    /** Whether somebody can be asked, or has answered beforehand. */
    boolean isPossible() {
        return yes || Boolean.getBoolean("waybill.interactive");
    }

    /** Whether it was said on the command line. */
    boolean isGivenBeforehand() {
        return yes;
    }

    /** Asks, if the answer was not given beforehand. */
    boolean isGiven(String question) throws IOException {
        if (yes) {
            return true;
        }
        PrintWriter err = command.commandLine().getErr();
        err.print(question + " [y/N] ");
        err.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        return answer != null && answer.strip().matches("(?i)y|yes");
    }
}
