package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The page docs/spark.md, which quotes tests. */
final class Page {

    private static final Path PAGE = Tool.modules().resolve("docs/spark.md");

    private Page() {}

    /** Checks that the page has this block of code, as it stands. */
    static void assertHas(String language, String code) throws IOException {
        assertThat(code).isNotEmpty();
        assertThat(Files.readString(PAGE)).contains("```%s\n%s\n```".formatted(language, code));
    }

    /** Checks that the page has what stands in a test between {@code // docs: name} and {@code // end}. */
    static void assertQuotes(String test, String... names) throws IOException {
        for (String name : names) {
            String example = Files.readString(Tool.modules().resolve(test))
                    .lines()
                    .dropWhile(line -> !line.strip().equals("// docs: " + name))
                    .skip(1)
                    .takeWhile(line -> !line.strip().equals("// end"))
                    .collect(Collectors.joining("\n"));
            assertHas("java", example);
        }
    }
}
