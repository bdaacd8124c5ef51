package io.waybill.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Any bytes in the three JSON columns: as the whole column, and as the data of an entity that is right. */
class JsonColumnFuzzTest {

    private static final String SCHEMA = "{\"schema\":\"iglu:com.acme/page_view/jsonschema/1-0-0\",\"data\":";
    private static final EventTransformer UNLIMITED =
            EventTransformer.builder().maxDepth(Integer.MAX_VALUE).build();
    private static final Field<?>[] COLUMNS = {Field.UNSTRUCT_EVENT, Field.CONTEXTS, Field.DERIVED_CONTEXTS};

    @FuzzTest
    void aJsonColumnIsTakenIfAndOnlyIfItsDataIsJson(FuzzedDataProvider data) throws IOException {
        Given given = Given.by(data);
        Field<?> field = COLUMNS[data.consumeInt(0, COLUMNS.length - 1)];
        boolean whole = data.consumeBoolean();
        String json = new String(data.consumeRemainingAsBytes(), ISO_8859_1).replace('\t', ' ');
        TransformerCheck check = new TransformerCheck(given);
        if (whole) {
            check.lines(line(field, json));
            return;
        }
        String entity = SCHEMA + json + "}";
        byte[] line = line(field, SCHEMA + (field == Field.UNSTRUCT_EVENT ? entity : "[" + entity + "]") + "}");
        check.lines(line);

        String text = ColumnRules.text(json.getBytes(ISO_8859_1));
        if (text != null && ReferenceJson.isValid(text)) {
            assertThat(UNLIMITED.transform(line)).isInstanceOf(TransformResult.Event.class);
        }
    }

    private static byte[] line(Field<?> field, String json) {
        return ("\t".repeat(field.index()) + json + "\t".repeat(Field.COUNT - 1 - field.index())).getBytes(ISO_8859_1);
    }
}
