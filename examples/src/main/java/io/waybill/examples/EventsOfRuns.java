package io.waybill.examples;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunFile;
import io.waybill.event.BadRow;
import io.waybill.event.BadRowSink;
import io.waybill.event.EnrichedEvent;
import io.waybill.event.Entity;
import io.waybill.event.EventReader;
import io.waybill.event.EventTransformer;
import io.waybill.event.Field;
import io.waybill.event.TransformCounts;
import io.waybill.event.TransformResult;
import io.waybill.manifest.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What can be done with events: a line, a file, the values of an event, the files of a run. */
final class EventsOfRuns {

    private EventsOfRuns() {}

    // spotless:off
    /** A line to JSON, or to what is wrong with it. */
    static String line(byte[] line) {
        // docs: line
EventTransformer transformer = EventTransformer.flattened(); // one for all threads

TransformResult result = transformer.transform(line);
if (result instanceof BadRow bad) {
    return "no event: " + bad.errors(); // everything that is wrong with it: code, column, message, value
}
return ((TransformResult.Event) result).toString(); // or json(), the same as bytes
        // end
    }

    /** The lines of a stream to lines of JSON. */
    static TransformCounts stream(InputStream lines, OutputStream ndjson, BadRowSink badRows) throws IOException {
        // docs: stream
EventTransformer transformer = EventTransformer.builder().strict(true).nulls(true).build();

return transformer.transform(lines, ndjson, badRows); // inflated lines; the sink gets each that is no event
        // end
    }

    /** Some values of an event. */
    static String values(byte[] line) {
        // docs: values
EnrichedEvent event = EnrichedEvent.parse(line);

Optional<String> app = event.text(Field.APP_ID); // as it stands there
Optional<Instant> collected = event.get(Field.COLLECTOR_TSTAMP); // typed
BigDecimal total = event.get(Field.TR_TOTAL).orElse(BigDecimal.ZERO);
List<Object> names = event.entities("contexts_com_acme_product_1").stream() // the key that they have in JSON
        .flatMap(product -> product.at("name").stream())
        .toList();
        // end
        return app + " " + collected + " " + total + " " + names + " "
                + event.entities().stream().map(Entity::key).toList();
    }

    /** How many events of a run each application sent; those that are none are counted under an empty name. */
    static Map<String, Integer> count(String location, RunId run) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        // docs: run
try (RunArchive archive = RunArchive.at(location).open()) { // a folder, or s3://bucket/enriched/archive/
    for (RunFile file : archive.inspect(run).files()) {
        try (InputStream tsv = archive.open(file)) { // inflated
            EventReader lines = new EventReader(tsv); // decodes only what is asked for
            while (lines.next()) {
                String app = lines.event().flatMap(event -> event.text(Field.APP_ID)).orElse("");
                counts.merge(app, 1, Integer::sum);
            }
        }
    }
}
        // end
        return counts;
    }
    // spotless:on
}
