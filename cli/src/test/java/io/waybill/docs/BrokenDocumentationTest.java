package io.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages' own blocks with one letter changed, in each of their words in turn: {@link DocumentationTest} must see it. */
class BrokenDocumentationTest {

    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");

    /** Comments are sentences, which nothing can hold. */
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)# .*|<!-- .* -->");

    /** What is the reader's to choose, so that any other word would do as well: names, and values that are theirs. */
    private static final Pattern CHOSEN = Pattern.compile(String.join(
            "|",
            "demo|json|parquet|report|html|late", // files that the tool makes
            "Job|RunId", // TableCommandTest makes a table with these
            "bucket|enriched|archive|data|opt|etl|load|uploads|runs|sessions|snowplow"));

    static Stream<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (String page : Repository.pages()) {
            blocks.addAll(Page.read(page).blocks());
        }
        return blocks.stream().filter(block -> !BlockCheck.isHeldElsewhere(block));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void aBlockWithOneLetterChangedIsFound(Block block) {
        assertThat(BlockCheck.problem(block)).isEmpty();
        List<String> overlooked = new ArrayList<>();
        for (int i = 0; i < block.lines().size(); i++) {
            String line = block.lines().get(i);
            boolean quoted = Quotes.isQuoted(block);
            String code = quoted
                    ? line
                    : COMMENT.matcher(line)
                            .replaceAll(comment -> " ".repeat(comment.group().length()));
            for (MatchResult word : WORD.matcher(code).results().toList()) {
                if (BlockCheck.problem(changed(block, i, word)).isEmpty()
                        && (quoted || !CHOSEN.matcher(word.group()).matches())) {
                    overlooked.add("%d: '%s' in %s".formatted(block.at() + 1 + i, word.group(), line.strip()));
                }
            }
        }
        assertThat(overlooked).isEmpty();
    }

    static List<String> pages() throws IOException {
        return Repository.pages();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aCommandOrOptionInASentenceWithOneLetterMoreIsFound(String page) throws IOException {
        List<String> overlooked = new ArrayList<>();
        for (Page.Span span : Page.read(page).spans()) {
            List<String> words = SpanCheck.command(span.text());
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                boolean named =
                        i == 1 && word.matches("[a-z-]+") && !words.get(0).startsWith("-");
                String changed = span.text().replaceFirst(Pattern.quote(word), Matcher.quoteReplacement(word + "q"));
                if ((named || word.matches("-{1,2}[a-z][a-z-]*"))
                        && SpanCheck.problem(page, new Page.Span(span.at(), changed))
                                .isEmpty()) {
                    overlooked.add("%d: '%s' in %s".formatted(span.at(), word, span.text()));
                }
            }
        }
        assertThat(overlooked).isEmpty();
    }

    @Test
    void anAnchorWithOneLetterChangedIsFound() throws IOException {
        List<String> page =
                List.of("# A `b` heading, or two", "[x](#a-b-heading-or-two)", "[y](docs/jdbc.md#the-table)");
        assertThat(Links.problems(Page.of("README.md", page))).isEmpty();
        for (String link : List.of("[x](#a-b-heading-or-twq)", "[y](docs/jdbc.md#the-tablq)", "[y](docs/jdbq.md)")) {
            List<String> broken = List.of(page.get(0), link);
            assertThat(Links.problems(Page.of("README.md", broken))).as(link).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```\nx\n```",
                "```toml\nx\n```",
                "```java\nx\n```",
                "<!-- quoted from README.md -->\n```text\n# Waybill\n```",
                "<!-- quoted from cli/src/test/java/io/waybill/cli/NoTest.java -->\n```java\nx\n```",
                "<!-- quoted from cli/src/test/java/io/waybill/cli/ReadmeTest.java: none -->\n```java\nx\n```",
                "<!-- quoted from cli/src/test/java/io/waybill/cli/ReadmeTest.java -->\n```java\n\n```",
                "<!-- checked by cli/src/test/java/io/waybill/cli/S3LayoutTest.java -->\n```text\nx\n```",
                "<!-- walkthrough -->\n```console\n$ ./waybill no-such-command\n```",
                "<!-- drawn -->\n```text\nx\n```",
                "```text\nx\n```",
                "```sh\ncurl x\n```",
                "```sh\nwaybill transform archive\n```",
                "```sh\n./mvnw -pl cli -Dtest=H2ContractTest verify\n```",
                "```example\napp_id `x` -> {}\n```"
            })
    void aBlockThatNothingHoldsIsFound(String block) {
        List<Block> blocks = Page.of("README.md", block.lines().toList()).blocks();
        assertThat(blocks).hasSize(1);
        assertThat(BlockCheck.problem(blocks.get(0))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```sh\nx",
                "<!-- drawing -->\n\n```text\nx\n```",
                "  ```sh\n  x\n  ```",
                "~~~\nx\n~~~",
                "Text:\n\n    indented"
            })
    void whatLooksLikeABlockAndIsNoneIsFound(String page) {
        assertThatThrownBy(() -> Page.of("README.md", page.lines().toList()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("README.md:");
    }

    /** The block with the last letter of a word made another. */
    private static Block changed(Block block, int index, MatchResult word) {
        List<String> lines = new ArrayList<>(block.lines());
        StringBuilder line = new StringBuilder(lines.get(index));
        char letter = line.charAt(word.end() - 1);
        line.setCharAt(
                word.end() - 1,
                Character.toLowerCase(letter) == 'q'
                        ? (char) (letter + 1)
                        : (char) (letter + ('q' - Character.toLowerCase(letter))));
        lines.set(index, line.toString());
        return block.with(lines);
    }
}
