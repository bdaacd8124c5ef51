package io.waybill.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The pages that quote the examples. */
final class Pages {

    private static final Path ROOT = Path.of("..");

    private Pages() {}

    /** Checks that a page has all of an example from its imports on. */
    static void assertWhole(Class<?> example, String page) throws IOException {
        String source = source(example);
        String code = Files.readString(ROOT.resolve(source))
                .lines()
                .dropWhile(line -> !line.startsWith("import "))
                .filter(line -> !line.startsWith("// spotless:"))
                .collect(Collectors.joining("\n"));
        assertHas(page, source, code);
    }

    /** Checks that pages have what stands in an example between {@code // docs: name} and {@code // end}, and where it is from. */
    static void assertQuote(Class<?> example, String name, String... pages) throws IOException {
        String source = source(example);
        String code = Files.readString(ROOT.resolve(source))
                .lines()
                .dropWhile(line -> !line.strip().equals("// docs: " + name))
                .skip(1)
                .takeWhile(line -> !line.strip().equals("// end"))
                .collect(Collectors.joining("\n"))
                .stripIndent();
        for (String page : pages) {
            assertHas(page, source, code);
        }
    }

    private static String source(Class<?> example) {
        return "examples/src/main/java/%s.java".formatted(example.getName().replace('.', '/'));
    }

    private static void assertHas(String page, String source, String code) throws IOException {
        assertThat(code).isNotEmpty();
        assertThat(Files.readString(ROOT.resolve(page)))
                .as(page)
                .contains("<!-- quoted from %s -->\n```java\n%s\n```".formatted(source, code));
    }
}
