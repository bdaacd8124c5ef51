package io.waybill.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Option(names = "--man", hidden = true, description = "Print the manual page instead.")
    private boolean man;

    private CompletionCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        CommandLine root = spec.commandLine().getParent();
        out.print(man ? ManualPage.of(root) : AutoComplete.bash(spec.root().name(), root));
        out.flush();
        return ExitCode.DONE;
    }
}
