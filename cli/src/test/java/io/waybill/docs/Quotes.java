package io.waybill.docs;

import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blocks that stand in a file which is compiled or run, word for word. */
final class Quotes {

    private static final Pattern MARK = Pattern.compile("quoted from (?<file>\\S+?)(: (?<name>\\w+))?");
    private static final Pattern SOURCE =
            Pattern.compile("(?<module>.+?)/src/(main|test)/(java|scala|python|resources)/.+");

    private Quotes() {}

    static boolean isQuoted(Block block) {
        return MARK.matcher(block.mark()).matches();
    }

    static void check(Block block) {
        Matcher mark = MARK.matcher(block.mark());
        if (!mark.matches()) {
            throw new IllegalArgumentException("want a mark '<!-- quoted from FILE -->' in the line before");
        }
        String file = mark.group("file");
        Matcher source = SOURCE.matcher(file);
        if (!source.matches() || !Repository.isModule(source.group("module")) || !Files.exists(Repository.file(file))) {
            throw new IllegalArgumentException("'%s' is no source of a module".formatted(file));
        }
        if (source.group(3).equals("resources")) {
            String simple = file.substring(file.lastIndexOf('/') + 1);
            if (!Repository.anySourceHas('"' + simple + '"', source.group("module"))) {
                throw new IllegalArgumentException(
                        "no source of '%s' reads %s".formatted(source.group("module"), simple));
            }
        }
        List<String> lines = Repository.text(file)
                .lines()
                .filter(line -> !line.strip().startsWith("// spotless:"))
                .toList();
        if (mark.group("name") != null) {
            lines = region(lines, file, mark.group("name"));
            if (lines.size() != block.lines().size()) {
                throw new IllegalArgumentException("the example has %d lines, the page %d"
                        .formatted(lines.size(), block.lines().size()));
            }
        }
        if (block.text().isBlank() || !isIn(block.lines(), lines)) {
            throw new IllegalArgumentException("does not stand like this in " + file);
        }
    }

    private static List<String> region(List<String> lines, String file, String name) {
        int begin = indexOf(lines, "// docs: " + name);
        int end = begin < 0 ? -1 : begin + indexOf(lines.subList(begin, lines.size()), "// end");
        if (end <= begin) {
            throw new IllegalArgumentException("%s has no '// docs: %s' that ends with '// end'".formatted(file, name));
        }
        return lines.subList(begin + 1, end);
    }

    private static int indexOf(List<String> lines, String stripped) {
        return lines.stream().map(String::strip).toList().indexOf(stripped);
    }

    private static boolean isIn(List<String> block, List<String> lines) {
        String wanted = stripped(block);
        for (int from = 0; from + block.size() <= lines.size(); from++) {
            if (lines.get(from).strip().equals(block.get(0).strip())
                    && stripped(lines.subList(from, from + block.size())).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Without the indentation that all lines have. */
    private static String stripped(List<String> lines) {
        return String.join("\n", lines).stripIndent();
    }
}
