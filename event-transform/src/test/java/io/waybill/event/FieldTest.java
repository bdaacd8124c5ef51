package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FieldTest {

    @Test
    void theColumnsAreThoseOfTheCanonicalEvent() {
        List<String> canonical = Cases.lines("enriched-event-fields.tsv").stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .map(columns -> String.join(" ", columns[0], columns[1], columns[2]))
                .toList();

        List<String> ours = Arrays.stream(Field.values())
                .map(field -> "%d %s %s"
                        .formatted(
                                field.index(),
                                field.column(),
                                field.type().name().toLowerCase(Locale.ROOT)))
                .toList();

        assertThat(ours).hasSize(131).isEqualTo(canonical);
    }
}
