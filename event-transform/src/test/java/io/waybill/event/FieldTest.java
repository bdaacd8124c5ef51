package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldTest {

    @Test
    void theColumnsAreThoseOfTheCanonicalEvent() {
        List<String> canonical = Cases.lines("enriched-event-fields.tsv").stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .map(columns -> String.join(" ", columns[0], columns[1], columns[2]))
                .toList();

        List<String> ours = Field.all().stream()
                .map(field -> "%d %s %s"
                        .formatted(
                                field.index(),
                                field.column(),
                                field.kind().name().toLowerCase(Locale.ROOT)))
                .toList();

        assertThat(ours).hasSize(131).isEqualTo(canonical);
    }

    @Test
    void everyConstantIsNamedAfterItsColumn() throws Exception {
        for (Field<?> field : Field.all()) {
            assertThat(Field.class
                            .getField(field.column().toUpperCase(Locale.ROOT))
                            .get(null))
                    .isSameAs(field)
                    .hasToString(field.column());
        }
    }

    @Test
    void theTypeOfAColumnIsWhatItsValuesAre() {
        Field<Instant> timestamp = Field.COLLECTOR_TSTAMP;
        Field<Boolean> bool = Field.BR_COOKIES;

        assertThat(timestamp.type()).isEqualTo(Instant.class);
        assertThat(bool.type()).isEqualTo(Boolean.class);
        assertThat(Field.TXN_ID.type()).isEqualTo(Integer.class);
        assertThat(Field.TR_TOTAL.type()).isEqualTo(BigDecimal.class);
        assertThat(Field.GEO_LATITUDE.type()).isEqualTo(BigDecimal.class);
        assertThat(Field.EVENT_ID.type()).isEqualTo(UUID.class);
        assertThat(Field.CONTEXTS.type()).isEqualTo(String.class);
    }

    @Test
    void aColumnIsFoundByItsName() {
        for (Field<?> field : Field.all()) {
            assertThat(Field.of(field.column())).isSameAs(field);
        }
        assertThat(Field.of("refr_device_tstamp")).isSameAs(Field.REFR_DVCE_TSTAMP);
    }

    @ParameterizedTest
    @CsvSource({
        "appid, app_id",
        "APP_ID, app_id",
        "page_ulr, page_url",
        "derived_context, derived_contexts",
        "collector_timestamp, collector_tstamp",
        "'', event"
    })
    void anUnknownNameIsToldWithTheNearest(String unknown, String nearest) {
        assertThatThrownBy(() -> Field.of(unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "enriched events have no column '%s', the name that comes nearest is '%s'", unknown, nearest);
    }

    @Test
    void anUnknownNameOfMegabytesIsCutOff() {
        assertThatThrownBy(() -> Field.of("x".repeat(4 << 20)))
                .hasMessageStartingWith("enriched events have no column '%s',", "x".repeat(64));
    }

    @Test
    void theListOfColumnsCannotBeChanged() {
        List<Field<?>> all = Field.all();

        assertThatThrownBy(() -> all.set(0, Field.EVENT)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aColumnThatIsReadBackIsTheConstant() throws Exception {
        for (Field<?> field : Field.all()) {
            assertThat(Serialization.copy(field)).isSameAs(field);
        }
    }
}
