package io.waybill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** A page that quotes tests and examples. */
final class Page {

    static final Path SPARK = Tool.modules().resolve("docs/spark.md");
    static final Path EXAMPLES = Tool.modules().resolve("docs/examples.md");

    private Page() {}

    /** Checks that a page has this block of code, as it stands. */
    static void assertHas(Path page, String language, String code) throws IOException {
        assertThat(code).isNotEmpty();
        assertThat(Files.readString(page)).contains("```%s\n%s\n```".formatted(language, code));
    }

    /** Checks that a page has what stands in a source file between {@code // docs: name} and {@code // end}. */
    static void assertQuotes(Path page, String source, String... names) throws IOException {
        for (String name : names) {
            String example = Files.readString(Tool.modules().resolve(source))
                    .lines()
                    .dropWhile(line -> !line.strip().equals("// docs: " + name))
                    .skip(1)
                    .takeWhile(line -> !line.strip().equals("// end"))
                    .collect(Collectors.joining("\n"));
            assertHas(page, "java", example);
        }
    }
}
