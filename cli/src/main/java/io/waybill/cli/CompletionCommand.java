package io.waybill.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Teaches a shell the words of the command. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints what completes waybill's words in bash and zsh: source <(waybill completion)")
final class CompletionCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    private CompletionCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(AutoComplete.bash(spec.root().name(), spec.commandLine().getParent()));
        out.flush();
        return ExitCode.DONE;
    }
}
