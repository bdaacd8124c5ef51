package io.waybill.docs;

import io.waybill.cli.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Words for the {@code waybill} command, which its own command line parses; nothing is executed. */
final class ToolCommand {

    private static final Pattern SCHEME = Pattern.compile("(?:--[a-z]+=)?((?:jdbc:)?[a-z][a-z0-9]*):");
    private static final Set<String> SCHEMES =
            Set.of("s3", "s3a", "s3n", "jdbc:h2", "jdbc:postgresql", "dynamodb", "memory");

    private ToolCommand() {}

    static Set<String> names() {
        return Syntax.ofTheTool().getSubcommands().keySet();
    }

    static void check(List<String> words) {
        refuse(errors(words));
    }

    /** As in a sentence: words in capitals stand for values, and what the command needs besides may be left out. */
    static void checkMention(List<String> words) {
        List<String> named = new ArrayList<>(words);
        named.removeIf("…"::equals);
        if (!named.isEmpty() && named.get(0).equals("COMMAND")) {
            named.set(0, "list");
        }
        refuse(errors(named).stream().filter(error -> !isLeftOpen(error)).toList());
    }

    static boolean hasOption(String name) {
        return !commandsWith(name).isEmpty()
                || Syntax.ofTheTool().getCommandSpec().findOption(name) != null;
    }

    /** An option and perhaps its value: some command takes them. */
    static void checkOption(List<String> words) {
        List<ParameterException> last = List.of();
        for (String name : commandsWith(words.get(0))) {
            List<String> named = new ArrayList<>(List.of(name));
            named.addAll(words);
            last = errors(named).stream().filter(error -> !isLeftOpen(error)).toList();
            if (last.isEmpty()) {
                return;
            }
        }
        refuse(last);
    }

    private static List<String> commandsWith(String option) {
        return Syntax.ofTheTool().getSubcommands().entrySet().stream()
                .filter(command -> command.getValue().getCommandSpec().findOption(option) != null)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<ParameterException> errors(List<String> words) {
        for (String word : words) {
            Matcher scheme = SCHEME.matcher(word);
            if (scheme.lookingAt() && !SCHEMES.contains(scheme.group(1))) {
                throw new IllegalArgumentException("no location of a store or an archive: " + word);
            }
        }
        CommandLine tool = Syntax.ofTheTool();
        tool.getCommandSpec().parser().collectErrors(true);
        tool.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().parser().collectErrors(true));
        List<ParameterException> errors = new ArrayList<>();
        for (ParseResult result : tool.parseArgs(words.toArray(String[]::new)).asCommandLineList().stream()
                .map(CommandLine::getParseResult)
                .toList()) {
            result.errors().forEach(error -> errors.add((ParameterException) error));
            if (!result.unmatched().isEmpty()) {
                errors.add(new UnmatchedArgumentException(tool, result.unmatched()));
            }
        }
        return errors;
    }

    private static boolean isLeftOpen(ParameterException error) {
        return error instanceof MissingParameterException
                || (error.getArgSpec() != null
                        && error.getValue() != null
                        && error.getValue().matches("[A-Z]+"));
    }

    private static void refuse(List<ParameterException> errors) {
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("waybill: " + errors.get(0).getMessage());
        }
    }
}
