package io.waybill.cli;

import io.waybill.manifest.StoreAccessDeniedException;
import io.waybill.manifest.StoreMissingException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code waybill} command: data on standard output, talk on standard error, and an {@link ExitCode}. */
@Command(
        name = "waybill",
        description = "Processes each Snowplow run once: claims runs, transforms their events, remembers what is done.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0   done, also when there was nothing to do",
            "  1   failed",
            "  2   wrong usage",
            "  3   some runs failed",
            "  4   there are findings (doctor, verify, status --fail-on)",
            "  10  the store was not initialised",
            "  11  a run that was named is held by another",
            "  12  access denied",
            "  130 interrupted"
        })
public final class Main {

    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            InitCommand.class,
            DoctorCommand.class,
            PendingCommand.class,
            ListCommand.class,
            ShowCommand.class,
            StatusCommand.class,
            TransformCommand.class,
            RunCommand.class,
            VerifyCommand.class,
            MarkCommand.class,
            RetryCommand.class,
            ForgetCommand.class,
            ReleaseCommand.class,
            ReportCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            CopyCommand.class,
            CompletionCommand.class);

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean debug;

    private final @Nullable Interruption interruption;

    private Main(@Nullable Interruption interruption) {
        this.interruption = interruption;
    }

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param arguments the words of the command line
     */
    public static void main(String[] arguments) {
        OutputStream standard = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        PrintWriter out = new PrintWriter(standard, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Interruption interruption = Interruption.ofThisThread();
        int code = run(new Main(interruption), out, err, arguments);
        interruption.done();
        System.exit(code);
    }

    /** Runs the command on a thread whose interrupts are another's business. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return run(new Main(null), out, err, arguments);
    }

    /** Says how long the command may take to leave things in order when the process is told to end. */
    void allow(Duration time) {
        if (interruption != null) {
            interruption.allow(time);
        }
    }

    private static int run(Main main, PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commandLine = commandLine(main, commandsFor(arguments))
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, words) -> usage(e))
                .setExecutionExceptionHandler((e, command, parsed) -> main.report(e, command));
        try {
            commandLine.setDefaultValueProvider(ConfigFile.read(Path.of(ConfigFile.NAME), commandLine));
        } catch (IOException | IllegalArgumentException e) {
            return main.report(e, commandLine);
        }
        int code = commandLine.execute(arguments);
        if (out.checkError() && code == ExitCode.DONE) {
            err.println("waybill: the output could not be written");
            return ExitCode.FAILED;
        }
        return code;
    }

    /** The command line with all commands: what words it accepts, and its help. */
    static CommandLine commandLine() {
        return commandLine(new Main(null), COMMANDS);
    }

    private static CommandLine commandLine(Main main, List<Class<?>> commands) {
        CommandLine commandLine = new CommandLine(main);
        commandLine.setExpandAtFiles(false); // what begins with an at sign is a command's own
        commands.forEach(commandLine::addSubcommand);
        return commandLine.setCaseInsensitiveEnumValuesAllowed(true).registerConverter(Duration.class, Main::duration);
    }

    /** The one command that is named, or all: most of a start would be spent on those that are not asked for. */
    private static List<Class<?>> commandsFor(String... arguments) {
        boolean allAreAskedAfter = arguments.length == 0
                || Files.exists(Path.of(ConfigFile.NAME))
                || arguments[0].equals(nameOf(CompletionCommand.class));
        List<Class<?>> named = allAreAskedAfter
                ? List.of()
                : COMMANDS.stream()
                        .filter(command -> nameOf(command).equals(arguments[0]))
                        .toList();
        boolean version = arguments.length == 1 && arguments[0].matches("-V|--version");
        return named.isEmpty() && !version ? COMMANDS : named;
    }

    private static String nameOf(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** One line on what was wrong, and where help is: the whole of it would bury the line. */
    private static int usage(ParameterException thrown) {
        CommandLine command = thrown.getCommandLine();
        List<String> unknown = command.getUnmatchedArguments();
        ParameterException e = thrown instanceof MissingParameterException && !unknown.isEmpty()
                ? new UnmatchedArgumentException(command, unknown) // which is likely why one is missing
                : thrown;
        command.getErr().println("waybill: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().printf("Try '%s --help'.%n", command.getCommandSpec().qualifiedName());
        return ExitCode.USAGE;
    }

    private int report(Exception e, CommandLine command) {
        PrintWriter err = command.getErr();
        err.println("waybill: " + message(e));
        if (debug) {
            e.printStackTrace(err);
        }
        return ExitCode.of(e);
    }

    /** What went wrong, in words for the one at the terminal. */
    static String message(Throwable e) {
        if (e instanceof UncheckedIOException unchecked) {
            return message(Optional.ofNullable(unchecked.getCause()).orElseThrow());
        }
        if (e instanceof InterruptedException) {
            return "interrupted";
        }
        String told = Optional.ofNullable(e.getMessage()).orElse(e.toString());
        if (e instanceof StoreMissingException) {
            return told + ": run 'waybill init' with the same --store and --job";
        }
        if (e instanceof StoreAccessDeniedException || !(e instanceof FileSystemException file)) {
            return told;
        }
        if (e instanceof NoSuchFileException && file.getReason() == null) {
            return "there is no file or folder " + file.getFile();
        }
        if (e instanceof FileAlreadyExistsException && file.getReason() == null) {
            return "a file is in the way: " + file.getFile();
        }
        if (e instanceof AccessDeniedException && file.getReason() == null) {
            return "access denied: " + file.getFile();
        }
        return told;
    }

    /** Tells the version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"waybill " + (version == null ? "(not packaged)" : version)};
        }
    }
}
