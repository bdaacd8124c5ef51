package io.waybill.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in Markdown.
 *
 * @param name its path in the repository
 * @param blocks its fenced blocks
 * @param prose all other lines, each in its place; those of blocks are empty here
 */
record Page(String name, List<Block> blocks, List<String> prose) {

    private static final String FENCE = "```";
    private static final Pattern MARK = Pattern.compile("<!-- (.*) -->");
    private static final Pattern SPAN = Pattern.compile("(`+)(.+?)\\1(?!`)", Pattern.DOTALL);

    /**
     * Text that is set as code within a sentence.
     *
     * @param at the line it begins on, from 1
     * @param text what stands between the backticks, on one line
     */
    record Span(int at, String text) {}

    static Page read(String name) throws IOException {
        return of(name, Files.readAllLines(Repository.file(name)));
    }

    /** Reads a page; what looks like a block or a mark and is none is an error. */
    static Page of(String name, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        List<String> prose = new ArrayList<>();
        String mark = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(FENCE)) {
                int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf(FENCE);
                if (end == i) {
                    throw wrong(name, i, "the block has no end");
                }
                blocks.add(new Block(
                        name, i + 1, line.substring(FENCE.length()), mark, List.copyOf(lines.subList(i + 1, end))));
                mark = "";
                for (; i <= end; i++) {
                    prose.add("");
                }
                i = end;
                continue;
            }
            if (!mark.isEmpty()) {
                throw wrong(name, i, "the mark '%s' has no block under it".formatted(mark));
            }
            if (line.matches("\\s+```.*|\\s*~~~.*")
                    || (line.matches(" {4,}\\S.*")
                            && lines.get(Math.max(0, i - 1)).isBlank())) {
                throw wrong(
                        name, i, "want a block between ``` at the start of a line, but this is '%s'".formatted(line));
            }
            Matcher comment = MARK.matcher(line);
            if (comment.matches()) {
                mark = comment.group(1);
                prose.add("");
            } else {
                prose.add(line);
            }
        }
        return new Page(name, blocks, prose);
    }

    private static IllegalArgumentException wrong(String name, int index, String what) {
        return new IllegalArgumentException("%s:%d: %s".formatted(name, index + 1, what));
    }

    /** The spans of code, also those that go on in the next line. */
    List<Span> spans() {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < prose.size(); i++) {
            int from = i;
            StringBuilder paragraph = new StringBuilder(prose.get(i));
            // a row of a table or an item of a list begins something new
            while (i + 1 < prose.size()
                    && !prose.get(i + 1).isBlank()
                    && !prose.get(i + 1).matches("\\s*([-|#]|\\d+\\.).*")) {
                paragraph.append('\n').append(prose.get(++i));
            }
            SPAN.matcher(paragraph).results().forEach(span -> {
                long before = paragraph
                        .substring(0, span.start())
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
                spans.add(new Span(
                        from + 1 + (int) before,
                        span.group(2).replaceAll("\\s*\n\\s*", " ").strip()));
            });
        }
        return spans;
    }
}
