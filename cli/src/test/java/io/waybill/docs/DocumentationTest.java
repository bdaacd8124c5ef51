package io.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds README, CONTRIBUTING and docs to what there is. A block either stands in a file that is compiled or run, as the mark
 * before it says, or what it shows is checked here by its kind; a block of a kind that nothing holds is an error. So is code
 * within sentences that names a command, an option or a type that does not exist, and a link that leads nowhere.
 */
class DocumentationTest {

    static List<String> pages() throws IOException {
        return Repository.pages();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyBlockIsHeld(String name) throws IOException {
        assertThat(Page.read(name).blocks().stream().flatMap(block -> BlockCheck.problem(block).stream()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void codeWithinSentencesNamesWhatThereIs(String name) throws IOException {
        assertThat(Page.read(name).spans().stream().flatMap(span -> SpanCheck.problem(name, span).stream()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsToAFileAndAHeading(String name) throws IOException {
        assertThat(Links.problems(Page.read(name))).isEmpty();
    }

    @Test
    void theTableOfCommandsNamesAllOfTheToolAndNoOther() throws IOException {
        TreeSet<String> named = new TreeSet<>();
        List<String> problems = new ArrayList<>();
        Page readme = Page.read("README.md");
        readme.prose().stream()
                .dropWhile(line -> !line.equals("| command | does |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.substring(0, line.indexOf('|', 1)))
                .flatMap(cell -> Page.of("README.md", List.of(cell)).spans().stream())
                .forEach(span -> {
                    named.add(span.text().replaceFirst(" .*", ""));
                    SpanCheck.problem("README.md", span).ifPresent(problems::add);
                });
        assertThat(problems).isEmpty();
        assertThat(named).isEqualTo(new TreeSet<>(ToolCommand.names()));
    }
}
