package io.waybill.cli;

import java.io.IOException;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** In which form a command prints its table. */
final class FormatChoice {

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "TABLE",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Table.Format format = Table.Format.TABLE;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec command;

    /** Whether people are to read it. */
    boolean isForPeople() {
        return format == Table.Format.TABLE;
    }

    /** Prints the table for programs; people were told in sentences, or are with this one. */
    void print(Table table, Supplier<String> forPeople) throws IOException {
        if (format != Table.Format.TABLE) {
            table.print(format, command.commandLine().getOut());
        } else if (!forPeople.get().isEmpty()) {
            command.commandLine().getErr().println(forPeople.get());
        }
    }

    /** Prints a table of one row; for people, a line for each of its fields that holds something. */
    void printFields(Table table) throws IOException {
        if (format == Table.Format.TABLE) {
            table.printFields(command.commandLine().getOut());
        } else {
            table.print(format, command.commandLine().getOut());
        }
    }

    /** Prints the table; for people, an empty one is a sentence. */
    void print(Table table, String ifEmpty) throws IOException {
        if (format != Table.Format.TABLE || !table.isEmpty()) {
            table.print(format, command.commandLine().getOut());
        } else if (!ifEmpty.isEmpty()) {
            command.commandLine().getErr().println(ifEmpty);
        }
    }
}
