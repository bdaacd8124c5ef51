package io.waybill.docs;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of other tools' files that start a command; the command is checked. */
final class TextBlock {

    /** What stands before and behind a command: in a crontab, a unit of systemd, a DAG of Airflow, or alone. */
    private static final List<Pattern> LINES = List.of(
            Pattern.compile("(?:(?:\\*|\\*/\\d+|\\d+) +){5}(?<command>\\S.*)"),
            Pattern.compile("ExecStart=(?<command>/.*)"),
            Pattern.compile("BashOperator\\(task_id=\"\\w+\", bash_command=\"(?<command>[^\"]*)\"\\)"),
            Pattern.compile("(?<command>\\.?/?[a-z]+ .*)"));

    private TextBlock() {}

    static void check(Block block) {
        for (String line : block.lines()) {
            if (!line.isBlank() && !line.startsWith("# ")) {
                Commands.check(command(line));
            }
        }
    }

    private static String command(String line) {
        for (Pattern pattern : LINES) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.matches()) {
                return matcher.group("command");
            }
        }
        throw new IllegalArgumentException("no line that starts a command: " + line);
    }
}
