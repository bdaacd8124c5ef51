package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.event.BadRow.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Asks a transformer the same in all ways there are, and compares the answers with each other and with the reference. */
final class TransformerCheck {

    private final Given given;
    private final Options options;
    private final EventTransformer transformer;

    TransformerCheck(Given given) {
        this.given = given;
        this.transformer = given.transformer();
        this.options = transformer.options();
    }

    /** Checks the lines, each alone and all as a stream, and their bytes as one line. */
    void lines(byte[] tsv) throws IOException {
        line(tsv);
        byte[] padding = padding();
        List<TransformResult> answers = new ArrayList<>();
        if (padding.length > 0) {
            answers.add(transformer.transform(padding));
        }
        for (byte[] line : split(tsv)) {
            answers.add(line(line));
        }
        bulk(concat(padding, tsv), answers);
    }

    /** Checks one line, which may hold line feeds. */
    TransformResult line(byte[] line) throws IOException {
        TransformResult result = transformer.transform(line.clone());
        byte[] columns = Arrays.copyOf(line, LineReader.withoutLineEnd(line));
        if (result instanceof BadRow badRow) {
            badRow(columns, badRow);
        } else {
            event(columns, ((TransformResult.Event) result).json());
        }
        String text = ColumnRules.text(line);
        if (text != null) {
            assertThat(transformer.transform(text)).as("as a text").isEqualTo(result);
        }
        if (ColumnRules.split(columns).length == Field.COUNT) {
            assertThat(transformer.transform(EnrichedEvent.parse(line)))
                    .as("as an event")
                    .isEqualTo(result);
        }
        return result;
    }

    private void badRow(byte[] columns, BadRow badRow) {
        assertThat(badRow.columns()).isEqualTo(ColumnRules.split(columns).length);
        assertThat(ReferenceJson.isValid(Objects.requireNonNull(ColumnRules.text(badRow.toJson("part-0")))))
                .as("the JSON of %s", badRow)
                .isTrue();
        List<Code> codes = badRow.errors().stream().map(BadRow.Error::code).toList();
        if (columns.length > options.maxLineBytes()) {
            assertThat(codes).containsExactly(Code.LINE_TOO_LONG);
        } else if (badRow.columns() != Field.COUNT) {
            assertThat(codes).containsExactly(Code.FIELD_COUNT);
        } else {
            brokenColumns(columns, badRow);
        }
    }

    private void brokenColumns(byte[] columns, BadRow badRow) {
        List<Integer> found =
                badRow.errors().stream().map(BadRow.Error::index).distinct().toList();
        List<Integer> broken = ColumnRules.broken(columns, options.maxDepth());
        if (options.strict()) {
            assertThat(found).as("columns of %s", badRow).containsAll(broken);
        } else {
            assertThat(found).as("columns of %s", badRow).isEqualTo(broken);
        }
    }

    private void event(byte[] columns, byte[] json) throws IOException {
        String text = Objects.requireNonNull(ColumnRules.text(json), "the JSON is not UTF-8");
        assertThat(text)
                .matches(ReferenceJson::isValid, "is JSON")
                .startsWith("{")
                .endsWith("}");
        assertThat(columns.length).isLessThanOrEqualTo(options.maxLineBytes());
        assertThat(ColumnRules.split(columns)).hasSize(Field.COUNT);
        assertThat(ColumnRules.broken(columns, options.maxDepth()))
                .as("columns that should be errors")
                .isEmpty();
        assertThat(ReferenceTransformer.parse(text).toString())
                .isEqualTo(ReferenceTransformer.transform(new String(columns, UTF_8), options)
                        .toString());
    }

    private void bulk(byte[] tsv, List<TransformResult> answers) throws IOException {
        List<TransformResult> numbered = new ArrayList<>();
        List<BadRow> badRows = new ArrayList<>();
        ByteArrayOutputStream ndjson = new ByteArrayOutputStream();
        for (TransformResult answer : answers) {
            if (answer instanceof BadRow badRow) {
                BadRow ofLine = new BadRow(numbered.size() + 1L, badRow.columns(), badRow.errors());
                badRows.add(ofLine);
                numbered.add(ofLine);
            } else {
                ndjson.write(((TransformResult.Event) answer).json());
                ndjson.write('\n');
                numbered.add(answer);
            }
        }
        List<BadRow> found = new ArrayList<>();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        TransformCounts counts = transformer.transform(new ShortReads(tsv, given.mostRead()), written, found::add);
        assertThat(written.toString(ISO_8859_1)).as("in bulk").isEqualTo(ndjson.toString(ISO_8859_1));
        assertThat(found).as("bad rows in bulk").isEqualTo(badRows);
        assertThat(counts).isEqualTo(new TransformCounts(answers.size() - badRows.size(), badRows.size()));
        assertThat(transformer.stream(new ShortReads(tsv, given.mostRead())))
                .as("as a stream")
                .isEqualTo(numbered);
    }

    /** An event of one long text, and its line end. */
    private byte[] padding() {
        if (given.padding() == 0) {
            return new byte[0];
        }
        byte[] line = new byte[given.padding()];
        Arrays.fill(line, (byte) 'x');
        Arrays.fill(line, line.length - Field.COUNT, line.length, (byte) '\t');
        line[line.length - 1] = '\n';
        return line;
    }

    /** The lines with their line ends. */
    private static List<byte[]> split(byte[] tsv) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < tsv.length; i++) {
            if (tsv[i] == '\n' || i == tsv.length - 1) {
                lines.add(Arrays.copyOfRange(tsv, from, i + 1));
                from = i + 1;
            }
        }
        return lines;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
