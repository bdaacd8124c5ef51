package io.waybill.cli;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The help of all commands as one page for {@code man}, in the macros of man(7). */
final class ManualPage {

    private ManualPage() {}

    static String of(CommandLine root) {
        StringBuilder page = new StringBuilder();
        String name = root.getCommandName();
        String[] version = root.getCommandSpec().version();
        page.append(".TH %s 1 \"\" \"%s\"\n"
                .formatted(name.toUpperCase(Locale.ROOT), version.length == 0 ? name : version[0]));
        page.append(".SH NAME\n%s \\- processes each Snowplow run once\n".formatted(name));
        section(page, "SYNOPSIS", root);
        root.getSubcommands().forEach((word, command) -> section(page, "%s %s".formatted(name, word), command));
        return page.toString();
    }

    private static void section(StringBuilder page, String heading, CommandLine command) {
        page.append(".SH \"").append(heading).append("\"\n.nf\n");
        command.getUsageMessage(Ansi.OFF)
                .lines()
                .forEach(line -> page.append(literal(line)).append('\n'));
        page.append(".fi\n");
    }

    /** A line as it is: a backslash is an escape, and a dot or quote at the start would be a request. */
    private static String literal(String line) {
        String escaped = line.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
