package io.waybill.docs;

import java.util.ArrayList;
import java.util.List;

/** As much of the shell's grammar as the pages use. */
final class Shell {

    private final String line;
    private final List<List<String>> commands = new ArrayList<>(List.of(new ArrayList<>()));
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;

    private Shell(String line) {
        this.line = line;
    }

    /** The lines of a script, those joined that a backslash continues. */
    static List<String> lines(List<String> script) {
        return String.join("\n", script)
                .replace("\\\n", " ")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** The words of each command of a line; comments and what is redirected are left out. */
    static List<List<String>> commands(String line) {
        Shell shell = new Shell(line);
        shell.split();
        return shell.commands.stream().filter(words -> !words.isEmpty()).toList();
    }

    private void split() {
        boolean redirected = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\'' || c == '"') {
                int end = line.indexOf(c, i + 1);
                if (end < 0) {
                    throw new IllegalArgumentException("a quote has no end: " + line);
                }
                word.append(line, i + 1, end);
                inWord = true;
                i = end;
            } else if (c == '#' && !inWord) {
                break;
            } else if (Character.isWhitespace(c) || "&|;<>()".indexOf(c) >= 0) {
                redirected = endWord(redirected);
                if ("<>".indexOf(c) >= 0) {
                    redirected = true;
                } else if ("&|;()".indexOf(c) >= 0) {
                    redirected = false;
                    commands.add(new ArrayList<>());
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        endWord(redirected);
    }

    /** Ends the word if there is one; tells whether the next one is still the file of a redirection. */
    private boolean endWord(boolean redirected) {
        if (!inWord) {
            return redirected;
        }
        if (!redirected) {
            commands.get(commands.size() - 1).add(word.toString());
        }
        word.setLength(0);
        inWord = false;
        return false;
    }
}
