package io.waybill.cli;

import picocli.CommandLine;

/** What the command accepts, for tests of other packages. */
public final class Syntax {

    private Syntax() {}

    /**
     * The command line with all commands, to parse words and execute nothing.
     *
     * @return a new one
     */
    public static CommandLine ofTheTool() {
        return Main.commandLine();
    }
}
