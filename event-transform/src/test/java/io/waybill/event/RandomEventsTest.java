package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomEventsTest {

    private static final EventTransformer TRANSFORMER = EventTransformer.flattened();
    private static final byte[] INTERESTING =
            "{}[]\",:\\/ue0-+.\t\n\r \u0000\u00C3\u00A9\u00ED\u00FF".getBytes(StandardCharsets.ISO_8859_1);

    private final long seed = Seeds.next();
    private final Random random = new Random(seed);

    @Test
    void validEventsBecomeWhatTheReferenceMakesOfThem() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            String line = RandomEvents.line(random).toString();

            TransformResult result = TRANSFORMER.transform(line);

            assertThat(result).as("seed %d, line %s", seed, line).isInstanceOf(TransformResult.Event.class);
            checkAgainstReference(line, result, TRANSFORMER.options());
        }
    }

    @Test
    void validEventsBecomeWhatTheReferenceMakesOfThemWithAnyOptions() throws IOException {
        int strictEvents = 0;
        int strictBadRows = 0;
        for (int i = 0; i < 5_000; i++) {
            String line = RandomEvents.line(random).toString();
            EventTransformer transformer = RandomEvents.transformer(random);
            Options options = transformer.options();

            TransformResult result = transformer.transform(line);

            List<String> errors = options.strict() ? ReferenceTransformer.strictErrors(line) : List.of();
            if (errors.isEmpty()) {
                assertThat(result)
                        .as("seed %d, %s, line %s", seed, options, line)
                        .isInstanceOf(TransformResult.Event.class);
                checkStrict(json(result));
                checkAgainstReference(line, result, options);
                strictEvents += options.strict() ? 1 : 0;
            } else {
                assertThat(EventCase.outcome(result))
                        .as("seed %d, %s, line %s", seed, options, line)
                        .isEqualTo(String.join(", ", errors));
                strictBadRows++;
            }
        }
        assertThat(strictEvents).as("seed %d", seed).isGreaterThan(200);
        assertThat(strictBadRows).as("seed %d", seed).isGreaterThan(200);
    }

    @Test
    void mutatedEventsAreEventsOrBadRowsAndTheirJsonIsStrict() throws IOException {
        int events = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] line = mutate(RandomEvents.line(random).bytes());

            TransformResult result = TRANSFORMER.transform(line);

            checkStrict(json(result));
            if (result instanceof TransformResult.Event) {
                events++;
                checkAgainstReference(withoutLineEnd(line), result, TRANSFORMER.options());
            }
        }
        assertThat(events)
                .as("seed %d: mutations should leave some events valid", seed)
                .isBetween(500, 19_500);
    }

    @Test
    void mutatedEventsAreBadRowsForTheSameReasonsWithAnyOptions() throws IOException {
        for (int i = 0; i < 5_000; i++) {
            byte[] line = mutate(RandomEvents.line(random).bytes());
            EventTransformer transformer = RandomEvents.transformer(random);
            Options options = transformer.options();

            TransformResult result = transformer.transform(line);

            TransformResult withDefaults = TRANSFORMER.transform(line);
            if (withDefaults instanceof BadRow bad) {
                assertThat(result).as("seed %d, %s", seed, options).isInstanceOf(BadRow.class);
                if (options.strict()) {
                    assertThat(((BadRow) result).errors())
                            .as("seed %d, %s", seed, options)
                            .containsSubsequence(bad.errors());
                } else {
                    assertThat(result).as("seed %d, %s", seed, options).isEqualTo(bad);
                }
            } else if (result instanceof TransformResult.Event) {
                checkStrict(json(result));
                checkAgainstReference(withoutLineEnd(line), result, options);
            } else {
                assertThat(EventCase.outcome(result))
                        .as("seed %d, %s", seed, options)
                        .isEqualTo(String.join(", ", ReferenceTransformer.strictErrors(withoutLineEnd(line))));
            }
        }
    }

    @Test
    void randomBytesAreBadRowsLineByLine() throws IOException {
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[random.nextInt(5_000)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = INTERESTING[random.nextInt(INTERESTING.length)];
            }
            checkBulk(bytes);
        }
    }

    @Test
    void streamsOfMutatedEventsGiveWhatTheirLinesGive() throws IOException {
        for (int i = 0; i < 100; i++) {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (int n = random.nextInt(30); n > 0; n--) {
                byte[] line = RandomEvents.line(random).bytes();
                lines.write(random.nextBoolean() ? line : mutate(line));
                lines.write(random.nextInt(4) == 0 ? new byte[] {'\r', '\n'} : new byte[] {'\n'});
            }
            byte[] bytes = lines.toByteArray();
            checkBulk(random.nextBoolean() ? bytes : Arrays.copyOf(bytes, Math.max(0, bytes.length - 1)));
        }
    }

    /** The stream's answers are those of its lines, each alone. */
    private void checkBulk(byte[] tsv) throws IOException {
        ByteArrayOutputStream ndjson = new ByteArrayOutputStream();
        List<BadRow> badRows = new ArrayList<>();
        TransformCounts counts = TRANSFORMER.transform(new ByteArrayInputStream(tsv), ndjson, badRows::add);

        String text = new String(tsv, StandardCharsets.ISO_8859_1);
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        List<BadRow> expectedBadRows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            TransformResult result = TRANSFORMER.transform((lines.get(i) + "\n").getBytes(StandardCharsets.ISO_8859_1));
            if (result instanceof BadRow bad) {
                expectedBadRows.add(new BadRow(i + 1, bad.columns(), bad.errors()));
            } else {
                expected.write(json(result));
                expected.write('\n');
            }
        }
        assertThat(ndjson.toByteArray()).as("seed %d", seed).isEqualTo(expected.toByteArray());
        assertThat(badRows).as("seed %d", seed).isEqualTo(expectedBadRows);
        assertThat(counts.events() + counts.badRows()).as("seed %d", seed).isEqualTo(lines.size());
    }

    private byte[] mutate(byte[] line) {
        byte[] mutated = line;
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(mutated.length);
            byte b = INTERESTING[random.nextInt(INTERESTING.length)];
            int kind = random.nextInt(8);
            if (kind == 0) {
                mutated[at] ^= (byte) (1 << random.nextInt(8));
            } else if (kind < 4) {
                mutated[at] = b;
            } else {
                byte[] spliced = Arrays.copyOf(mutated, mutated.length + (kind < 6 ? 1 : -1));
                int from = kind < 6 ? at : at + 1;
                System.arraycopy(mutated, from, spliced, kind < 6 ? at + 1 : at, mutated.length - from);
                if (kind < 6) {
                    spliced[at] = b;
                }
                mutated = spliced;
            }
        }
        return mutated;
    }

    private static byte[] json(TransformResult result) {
        return result instanceof TransformResult.Event event ? event.json() : ((BadRow) result).toJson("run=1/part-0");
    }

    private static String withoutLineEnd(byte[] line) {
        return new String(line, StandardCharsets.UTF_8).replaceFirst("(\\r?\\n|\\r)\\z", "");
    }

    private void checkAgainstReference(String line, TransformResult event, Options options) throws IOException {
        assertThat(ReferenceTransformer.parse(event.toString()).toString())
                .as("seed %d, %s, line %s", seed, options, line)
                .isEqualTo(ReferenceTransformer.transform(line, options).toString());
    }

    private void checkStrict(byte[] json) throws IOException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(json))
                .toString();
        assertThat(ReferenceTransformer.parse(text).isObject())
                .as("seed %d, json %s", seed, text)
                .isTrue();
        assertThat(ReferenceJson.isValid(text))
                .as("seed %d, json %s", seed, text)
                .isTrue();
    }
}
