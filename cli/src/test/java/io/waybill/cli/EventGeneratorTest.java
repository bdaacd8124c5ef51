package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class EventGeneratorTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final long SEED = 42;
    private static final int CONTEXTS = 52;
    private static final int UNSTRUCT = 58;
    private static final int DERIVED = 122;
    private static final List<Integer> JSON = List.of(CONTEXTS, UNSTRUCT, DERIVED);
    private static final int[] INTS = {7, 16, 34, 40, 72, 73, 74, 75, 76, 95, 96, 103, 104, 106, 107};
    private static final int[] NUMBERS = {22, 23, 57, 61, 62, 63, 71, 109, 110, 111, 113};
    private static final int[] BOOLEANS = {84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 102};
    private static final int[] TIMES = {2, 3, 4, 119, 121, 124, 130};
    private static final int[] REQUIRED = {3, 6, 10, 11};

    /** The short columns, index and longest text in turn. */
    private static final int[] LENGTHS = {
        5, 128, 8, 128, 9, 100, 10, 100, 11, 100, 13, 128, 15, 128, 17, 128, 18, 2, 19, 3, 20, 75, 24, 100, 25, 100, 32,
                16,
        44, 25, 45, 50, 78, 50, 80, 50, 81, 50, 94, 12, 97, 50, 101, 50, 105, 128, 108, 3, 112, 3, 115, 64, 117, 64,
                123, 128,
        129, 128
    };

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final List<byte[]> LINES = lines(SEED, 6_000);
    private static final List<String[]> ROWS = LINES.stream()
            .map(line -> new String(line, StandardCharsets.UTF_8).split("\t", -1))
            .toList();

    @Test
    void theSameSeedAndStartGiveTheSameBytes() {
        assertThat(lines(SEED, 300)).containsExactlyElementsOf(LINES.subList(0, 300));
    }

    @Test
    void anotherSeedGivesOtherEvents() {
        assertThat(lines(SEED + 1, 1).get(0)).isNotEqualTo(LINES.get(0));
    }

    @Test
    void theBytesOfTheFirst200LinesStayWhatTheyAre() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        LINES.subList(0, 200).forEach(digest::update);
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .as("a change here changes the demo archive and every benchmark's input")
                .isEqualTo("80048ae44eb02094f7cee9a0d4da7d9fa013cac636c330c460fcb5eef029cd23");
    }

    @Test
    void theBytesDependNeitherOnTheLocaleNorOnTheTimeZone() {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
            assertThat(lines(SEED, 50)).containsExactlyElementsOf(LINES.subList(0, 50));
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void aWrittenLineIsTheNextLineAndALineEnd() throws IOException {
        EventGenerator generator = new EventGenerator(SEED, START);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        generator.writeLine(out);
        generator.writeLine(out);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (byte[] line : LINES.subList(0, 2)) {
            expected.write(line);
            expected.write('\n');
        }
        assertThat(out.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @Test
    void everyLineIsWellFormedUtf8With131ColumnsAndNoLineEnd() {
        for (int i = 0; i < ROWS.size(); i++) {
            String line = String.join("\t", ROWS.get(i));
            assertThat(ROWS.get(i)).as("columns of line %d", i).hasSize(131);
            assertThat(line.getBytes(StandardCharsets.UTF_8)).isEqualTo(LINES.get(i));
            assertThat(line.codePoints().noneMatch(c -> c != '\t' && (c < ' ' || c == 0x7f || c == 0xfffd)))
                    .isTrue();
        }
    }

    @Test
    void everyColumnHoldsAValueOfItsType() {
        for (String[] row : ROWS) {
            for (int i : INTS) {
                if (!row[i].isEmpty()) {
                    assertThat(Integer.toString(Integer.parseInt(row[i]))).isEqualTo(row[i]);
                }
            }
            for (int i : NUMBERS) {
                assertThat(row[i]).as("column %d", i).matches("|-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
            }
            for (int i : BOOLEANS) {
                assertThat(row[i]).as("column %d", i).matches("[01]?");
            }
            for (int i : TIMES) {
                assertThat(row[i].isEmpty() || LocalDateTime.parse(row[i], TIME).getYear() == 2026)
                        .isTrue();
            }
            for (int i : REQUIRED) {
                assertThat(row[i]).as("column %d", i).isNotEmpty();
            }
            for (int i = 0; i < LENGTHS.length; i += 2) {
                assertThat(row[LENGTHS[i]].length())
                        .as("length of column %d", LENGTHS[i])
                        .isLessThanOrEqualTo(LENGTHS[i + 1]);
            }
            assertThat(row[6]).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
            assertThat(Double.parseDouble(row[22])).isBetween(-90.0, 90.0);
            assertThat(Double.parseDouble(row[23])).isBetween(-180.0, 180.0);
        }
    }

    @Test
    void theJsonColumnsAreSelfDescribingJson() throws IOException {
        for (String[] row : ROWS) {
            List<JsonNode> entities = new ArrayList<>(entities(row[CONTEXTS], "contexts"));
            assertThat(entities).hasSizeBetween(1, 8);
            entities.addAll(entities(row[DERIVED], "contexts"));
            assertThat(row[UNSTRUCT].isEmpty()).isEqualTo(!row[5].equals("unstruct"));
            if (!row[UNSTRUCT].isEmpty()) {
                JsonNode event = MAPPER.readTree(row[UNSTRUCT]);
                assertThat(event.get("schema").textValue())
                        .isEqualTo("iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0");
                assertThat(event.get("data").get("schema").textValue())
                        .isEqualTo("iglu:%s/%s/%s/%s".formatted(row[125], row[126], row[127], row[128]));
                entities.add(event.get("data"));
            }
            for (JsonNode entity : entities) {
                assertThat(entity.get("schema").textValue())
                        .matches("iglu:[A-Za-z0-9_.-]+/[A-Za-z0-9_-]+/jsonschema/[1-9]-[0-9]-[0-9]");
                assertThat(entity.get("data").isObject()).isTrue();
                assertThat(entity).hasSize(2);
            }
        }
    }

    @Test
    void theLinesAreAsLongAndAsFullAsRealOnes() {
        long bytes = LINES.stream().mapToLong(line -> line.length).sum();
        assertThat(bytes / LINES.size()).as("average bytes").isBetween(2_300L, 2_900L);
        assertThat(LINES).allSatisfy(line -> assertThat(line.length).isBetween(1_000, 5_000));

        int[] filled = ROWS.stream().mapToInt(EventGeneratorTest::filled).toArray();
        long total = 0;
        int typical = 0;
        for (int columns : filled) {
            assertThat(columns).isBetween(45, 66);
            total += columns;
            typical += columns <= 60 ? 1 : 0;
        }
        assertThat(total / (double) filled.length).as("average columns").isBetween(56.0, 59.0);
        assertThat(typical / (double) filled.length)
                .as("lines of at most 60 columns")
                .isGreaterThan(0.9);
    }

    @Test
    void theTextIsAsMixedAsInRealLines() {
        long json = 0;
        long columns = 0;
        long blanks = 0;
        for (String[] row : ROWS) {
            for (int i : JSON) {
                json += row[i].getBytes(StandardCharsets.UTF_8).length;
                columns += row[i].isEmpty() ? 0 : 1;
                blanks += row[i].startsWith("{ ") ? 1 : 0;
            }
        }
        long bytes = LINES.stream().mapToLong(line -> line.length).sum();
        assertThat(json / (double) bytes).as("JSON by bytes").isBetween(0.55, 0.65);
        assertThat(blanks / (double) columns).as("JSON with blanks").isBetween(0.02, 0.04);
        assertThat(share(line -> line.codePoints().anyMatch(c -> c > 0x7e)))
                .as("lines not in ASCII")
                .isBetween(0.6, 0.75);
        assertThat(share(line -> line.indexOf('\\') >= 0))
                .as("lines with escapes")
                .isBetween(0.07, 0.11);
        for (String escape : List.of("\\\"", "\\/", "\\u")) {
            assertThat(share(line -> line.contains(escape))).as(escape).isPositive();
        }
        assertThat(share(line -> line.codePoints().anyMatch(Character::isSupplementaryCodePoint)))
                .as("lines with emoji")
                .isPositive();
    }

    @Test
    void theEventsAreOfAllKindsAndOfAboutFiftySchemas() throws IOException {
        Map<String, Integer> kinds = new HashMap<>();
        Set<String> schemas = new TreeSet<>();
        int both = 0;
        for (String[] row : ROWS) {
            kinds.merge(row[5], 1, Integer::sum);
            Set<String> custom = families(entities(row[CONTEXTS], "contexts"), schemas);
            Set<String> derived = families(entities(row[DERIVED], "contexts"), schemas);
            both += derived.removeAll(custom) ? 1 : 0;
            if (!row[UNSTRUCT].isEmpty()) {
                schemas.add(MAPPER.readTree(row[UNSTRUCT]).at("/data/schema").textValue());
            }
        }
        assertThat(kinds)
                .containsOnlyKeys("page_view", "page_ping", "struct", "unstruct", "transaction", "transaction_item");
        assertThat(kinds.get("page_view")).isGreaterThan(ROWS.size() / 5);
        assertThat(kinds.get("page_ping")).isGreaterThan(ROWS.size() / 4);
        assertThat(kinds.get("unstruct")).isGreaterThan(ROWS.size() / 6);
        assertThat(schemas.size()).isBetween(45, 60);
        assertThat(both).as("lines with a family in both columns of contexts").isPositive();
    }

    @Test
    void timeMovesOnAndSessionsGrow() {
        Map<String, Integer> sessions = new HashMap<>();
        Map<String, Set<String>> pages = new HashMap<>();
        Set<String> ids = new HashSet<>();
        String last = "";
        for (String[] row : ROWS) {
            assertThat(row[3]).isGreaterThan(last);
            last = row[3];
            assertThat(ids.add(row[6])).as("event_id %s is new", row[6]).isTrue();
            Integer before = sessions.put(row[15], Integer.valueOf(row[16]));
            assertThat(before == null || before <= Integer.parseInt(row[16])).isTrue();
            pages.computeIfAbsent(row[123], session -> new HashSet<>()).add(row[29]);
        }
        assertThat(sessions).hasSizeBetween(65, ROWS.size() / 10);
        assertThat(pages.values()).anyMatch(visited -> visited.size() > 3);
    }

    @Test
    void allSitesAndAddressesAreMadeUp() {
        for (String[] row : ROWS) {
            assertThat(row[13]).matches("(192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.[0-9]+");
            assertThat(row[33]).matches(".*(\\.example|example\\.(com|net|org))");
            assertThat(row[39]).matches("|.*(\\.example|example\\.(com|net|org))");
        }
    }

    @Test
    void timeCannotGoBack() {
        EventGenerator generator = new EventGenerator(SEED, START);
        generator.moveTo(START.plusSeconds(60));
        assertThatThrownBy(() -> generator.moveTo(START))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time cannot go back from 2026-03-01T00:01:00Z to 2026-03-01T00:00:00Z");
        assertThat(new String(generator.next(), StandardCharsets.UTF_8).split("\t", -1)[3])
                .startsWith("2026-03-01 00:01:0");
    }

    @Test
    void aStartThatNoTimestampCanTellIsRefused() {
        assertThatThrownBy(() -> new EventGenerator(SEED, Instant.MAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("want a time from 1980-01-01T00:00:00Z to 9000-01-01T00:00:00Z");
    }

    private static List<byte[]> lines(long seed, int count) {
        EventGenerator generator = new EventGenerator(seed, START);
        List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(generator.next());
        }
        return lines;
    }

    private static int filled(String[] row) {
        int filled = 0;
        for (String value : row) {
            filled += value.isEmpty() ? 0 : 1;
        }
        return filled;
    }

    private static double share(Predicate<String> property) {
        return LINES.stream()
                        .map(line -> new String(line, StandardCharsets.UTF_8))
                        .filter(property)
                        .count()
                / (double) LINES.size();
    }

    private static List<JsonNode> entities(String column, String schema) throws IOException {
        List<JsonNode> entities = new ArrayList<>();
        if (!column.isEmpty()) {
            JsonNode envelope = MAPPER.readTree(column);
            assertThat(envelope.get("schema").textValue())
                    .startsWith("iglu:com.snowplowanalytics.snowplow/" + schema + "/jsonschema/1-0-");
            envelope.get("data").forEach(entities::add);
        }
        return entities;
    }

    private static Set<String> families(List<JsonNode> entities, Set<String> schemas) {
        Set<String> families = new HashSet<>();
        for (JsonNode entity : entities) {
            String schema = entity.get("schema").textValue();
            schemas.add(schema);
            families.add(schema.substring(0, schema.indexOf('-', schema.lastIndexOf('/'))));
        }
        return families;
    }
}
