package io.waybill.examples;

import io.waybill.event.Field;
import java.util.Arrays;

/** Lines of events. */
final class Lines {

    /** What is no event: it has one column. */
    static final String BAD = "no event";

    private Lines() {}

    /** An event with nothing but its id and its application. */
    static String event(String id, String app) {
        String[] columns = new String[Field.all().size()];
        Arrays.fill(columns, "");
        columns[Field.EVENT_ID.index()] = id;
        columns[Field.APP_ID.index()] = app;
        return String.join("\t", columns);
    }
}
