package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.event.EventTransformer.Form;
import io.waybill.event.EventTransformer.SchemaVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the examples of docs/interpretation.md, which says how they are written. */
class InterpretationTest {

    private static final Path PAGE = Path.of("..", "docs", "interpretation.md");

    private static final int POINTS = 49;
    private static final int FEWEST_EXAMPLES = 120;

    private static final Pattern POINT = Pattern.compile("### \\d+\\. .+");

    /** An input, an outcome, or one after the other. */
    private static final Pattern LINE =
            Pattern.compile("(?:(?<name>\\w+) `(?<text>.*)`)?(?<arrow>(?:^| )-> (?<outcome>.+))?");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x[0-9A-F]{2}|.)");

    /**
     * One example of the page.
     *
     * @param at the line of the page its outcome is on
     * @param options the words after {@code example}
     * @param line the bytes that are transformed, one in each character
     * @param outcome what they become, as the page has it
     */
    record Example(int at, List<String> options, String line, String outcome) {

        EventTransformer transformer() {
            EventTransformer.Builder builder = EventTransformer.builder(form());
            for (String option : options) {
                int equals = option.indexOf('=');
                String name = equals < 0 ? option : option.substring(0, equals);
                String value = equals < 0 ? "true" : option.substring(equals + 1);
                switch (name) {
                    case "nulls" -> builder.nulls(Boolean.parseBoolean(value));
                    case "instants" -> builder.instants(Boolean.parseBoolean(value));
                    case "geoLocation" -> builder.geoLocation(Boolean.parseBoolean(value));
                    case "strict" -> builder.strict(Boolean.parseBoolean(value));
                    case "schemaVersion" -> builder.schemaVersion(SchemaVersion.valueOf(value));
                    case "maxDepth" -> builder.maxDepth(Integer.parseInt(value));
                    case "maxLineBytes" -> builder.maxLineBytes(Integer.parseInt(value));
                    case "scala", "python", "nested", "escaped" -> {}
                    default -> throw malformed(at, "there is no option " + option);
                }
            }
            return builder.build();
        }

        private Form form() {
            return Arrays.stream(Form.values())
                    .filter(form -> options.contains(form.name().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElse(Form.FLATTENED);
        }

        @Override
        public String toString() {
            return "line %d -> %s".formatted(at, outcome);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examplesOfThePage")
    void everyExampleOfThePageIsTrue(Example example) {
        String outcome = outcome(example.transformer().transform(example.line().getBytes(ISO_8859_1)));

        if (example.outcome().contains("…")) {
            assertThat(outcome)
                    .matches(Arrays.stream(example.outcome().split("…", -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining(".+")));
        } else {
            assertThat(outcome).isEqualTo(example.outcome());
        }
    }

    static List<Example> examplesOfThePage() throws IOException {
        return examples(Files.readAllLines(PAGE));
    }

    @Test
    void thePageHasItsExamplesAndAtLeastOneForEachPoint() throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        List<Example> examples = examples(page);
        int[] points = IntStream.rangeClosed(1, page.size())
                .filter(at -> POINT.matcher(page.get(at - 1)).matches())
                .toArray();

        assertThat(examples.size()).isGreaterThanOrEqualTo(FEWEST_EXAMPLES);
        assertThat(points).hasSize(POINTS);
        for (int i = 0; i < points.length; i++) {
            int from = points[i];
            int to = i + 1 < points.length ? points[i + 1] : page.size();
            assertThat(page.get(from - 1)).startsWith("### %d. ".formatted(i + 1));
            assertThat(examples).as(page.get(from - 1)).anyMatch(example -> from < example.at() && example.at() < to);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```example\napp_id `x`\n```",
                "```example\n-> {}\n```",
                "```example\napp_id `x` -> {}\n-> {}\n```",
                "```example\napp_id x -> {}\n```",
                "```example\napp_id `x` {}\n```",
                "```example\napp_id `x`-> {}\n```",
                "```example\napp `x` -> {}\n```",
                "```example escaped\napp_id `\\q` -> {}\n```",
                "```example\napp_id `x` -> {}",
                "```example\n```",
                "```exampel\napp_id `x` -> {}\n```",
                "```\napp_id `x` -> {}\n```"
            })
    void aMalformedBlockIsNotPassedOver(String page) {
        assertThatThrownBy(() -> examples(page.lines().toList())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anOptionThatDoesNotExistIsNotPassedOver() {
        Example example = examples(List.of("```example loud", "line `` -> FIELD_COUNT", "```"))
                .get(0);

        assertThatThrownBy(example::transformer).hasMessage("line 2 of the page: there is no option loud");
    }

    /** The event's JSON, or each error as its code and what there is of column and entity. */
    private static String outcome(TransformResult result) {
        if (result instanceof BadRow bad) {
            return bad.errors().stream()
                    .map(error -> Stream.of(error.code(), error.column(), error.entity())
                            .filter(Objects::nonNull)
                            .map(Object::toString)
                            .collect(Collectors.joining(" ")))
                    .collect(Collectors.joining(", "));
        }
        return result.toString();
    }

    /** The examples of a page; it may have no fenced blocks but theirs. */
    private static List<Example> examples(List<String> page) {
        List<Example> examples = new ArrayList<>();
        int at = 0;
        while (at < page.size()) {
            if (page.get(at).startsWith("```")) {
                int end = at + 1;
                while (end < page.size() && !page.get(end).equals("```")) {
                    end++;
                }
                addBlock(page, at, end, examples);
                at = end;
            }
            at++;
        }
        return examples;
    }

    private static void addBlock(List<String> page, int from, int to, List<Example> examples) {
        String[] words = page.get(from).substring(3).split(" ");
        if (!words[0].equals("example") || to == page.size() || to == from + 1) {
            throw malformed(from + 1, "a block that is no example, has no end, or has nothing in it");
        }
        List<String> options = List.of(words).subList(1, words.length);
        String line = null;
        for (int at = from + 1; at < to; at++) {
            Matcher parts = LINE.matcher(page.get(at));
            if (!parts.matches()) {
                throw malformed(at + 1, "neither an input nor an outcome");
            }
            if (parts.group("name") != null) {
                String text = new String(parts.group("text").getBytes(UTF_8), ISO_8859_1);
                if (options.contains("escaped")) {
                    text = unescape(at + 1, text);
                }
                line = with(line == null ? Line.empty().toString() : line, parts.group("name"), text);
            }
            if (parts.group("arrow") != null) {
                if (line == null) {
                    throw malformed(at + 1, "an outcome of nothing");
                }
                examples.add(new Example(at + 1, options, line, parts.group("outcome")));
                line = null;
            }
        }
        if (line != null) {
            throw malformed(to + 1, "an input without outcome");
        }
    }

    /** The line with a column set, with an end, or another line: given as such, or by its number of columns. */
    private static String with(String line, String name, String text) {
        return switch (name) {
            case "line" -> text;
            case "columns" -> "\t".repeat(Integer.parseInt(text) - 1);
            case "end" -> line + text;
            default -> {
                String[] columns = line.split("\t", -1);
                columns[Field.of(name).index()] = text;
                yield String.join("\t", columns);
            }
        };
    }

    private static String unescape(int at, String text) {
        return ESCAPE.matcher(text).replaceAll(escape -> Matcher.quoteReplacement(character(at, escape.group())));
    }

    private static String character(int at, String escape) {
        return switch (escape) {
            case "\\n" -> "\n";
            case "\\r" -> "\r";
            default -> {
                if (escape.length() != 4) {
                    throw malformed(at, "there is no escape " + escape);
                }
                yield String.valueOf((char) Integer.parseInt(escape, 2, 4, 16));
            }
        };
    }

    private static IllegalArgumentException malformed(int at, String what) {
        return new IllegalArgumentException("line %d of the page: %s".formatted(at, what));
    }
}
