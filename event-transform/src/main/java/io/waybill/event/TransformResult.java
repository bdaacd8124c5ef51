package io.waybill.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What became of one line: an event as JSON, or a {@link BadRow} that says why it is none. */
public sealed interface TransformResult permits TransformResult.Event, BadRow {

    /**
     * An event as one JSON object in UTF-8, without a line end. Two are equal when their bytes are.
     *
     * @param json the text; the array belongs to the caller, nothing else holds it
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes out is the point; equality is by content below
    record Event(byte[] json) implements TransformResult {

        @Override
        public boolean equals(Object other) {
            return other instanceof Event event && Arrays.equals(json, event.json);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(json);
        }

        /** The JSON text. */
        @Override
        public String toString() {
            return new String(json, StandardCharsets.UTF_8);
        }
    }
}
