package io.waybill.event;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import io.waybill.event.EventTransformer.Form;
import io.waybill.event.EventTransformer.SchemaVersion;

/**
 * What the fuzzer chose beside the lines: a transformer, and how its stream gives them.
 *
 * <p>The choices are taken from the end of the fuzzer's bytes, the first from the last byte. Zeros choose the defaults,
 * so an input is a line with zeros after it.
 *
 * @param transformer one with any options
 * @param mostRead the most bytes a read gives
 * @param padding the bytes of a line before the others, which move them to the end of a buffer; 0 for no such line
 */
record Given(EventTransformer transformer, int mostRead, int padding) {

    private static final int[] DEPTHS = {512, 1, 3, 5, 8};
    private static final int[] LINE_BYTES = {16 << 20, 131, 200, 500};

    /** How much the readers of streams read at first. */
    private static final int BUFFER = 1 << 16;

    static Given by(FuzzedDataProvider data) {
        Form form = data.pickValue(Form.values());
        int flags = data.consumeByte();
        SchemaVersion version = data.pickValue(SchemaVersion.values());
        boolean nested = form == Form.NESTED;
        EventTransformer transformer = EventTransformer.builder(form)
                .nulls((flags & 1) != 0)
                .instants((flags & 2) != 0)
                .geoLocation((flags & 4) == 0 && !nested)
                .strict((flags & 8) != 0)
                .schemaVersion(nested ? SchemaVersion.NONE : version)
                .wholeValues((flags & 16) != 0)
                .maxLineBytes(data.pickValue(LINE_BYTES))
                .maxDepth(data.pickValue(DEPTHS))
                .build();
        int mostRead = data.consumeInt(0, 255);
        // all but a few would only cost time
        int near = data.consumeInt(0, 255);
        int padding = near == 0 || near > 64 ? 0 : BUFFER - near;
        return new Given(transformer, mostRead == 0 ? Integer.MAX_VALUE : mostRead, padding);
    }
}
