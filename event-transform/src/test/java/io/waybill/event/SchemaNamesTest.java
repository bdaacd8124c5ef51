package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SchemaNamesTest {

    private final SchemaNames names = new SchemaNames();

    @Test
    void urisOfOneKeyShareAGroupWhateverTheirEscapes() {
        EntityGroup group = group("iglu:com.acme/fooBar/jsonschema/1-0-0");

        assertThat(group("iglu:com.acme/fooBar/jsonschema/1-0-0")).isSameAs(group);
        assertThat(group("iglu:com.acme/foo_bar/avro/1-2-3")).isSameAs(group);
        assertThat(group("iglu:com.acme\\/foo\\u0042ar\\/jsonschema\\/1-0-0")).isSameAs(group);
        assertThat(group("iglu:com.acme/fooBar/jsonschema/2-0-0")).isNotSameAs(group);
    }

    @Test
    void schemasOfOneGroupKeepTheirUris() {
        assertThat(texts("iglu:com.acme/fooBar/jsonschema/1-0-10"))
                .isEqualTo("iglu:com.acme/fooBar/jsonschema/1-0-10 1-0-10");
        assertThat(texts("iglu:com.acme\\/foo_bar\\/avr\\u006f\\/1-2-3"))
                .isEqualTo("iglu:com.acme/foo_bar/avro/1-2-3 1-2-3");
    }

    @Test
    void aFewNamesAreRememberedFromLineToLine() {
        EntityGroup group = group("iglu:a/b/c/1-0-0");
        for (int i = 0; i < 1000; i++) {
            group("iglu:a/n%d/c/1-0-0".formatted(i));
        }

        clearWhenFull();

        assertThat(group("iglu:a/b/c/1-0-0")).isSameAs(group);
    }

    @Test
    void tooManyNamesAreForgottenAfterTheirLine() {
        EntityGroup group = group("iglu:a/b/c/1-0-0");
        for (int i = 0; i < 1100; i++) {
            group("iglu:a/n%d/c/1-0-0".formatted(i));
        }
        assertThat(group("iglu:a/b/c/1-0-0")).isSameAs(group);

        clearWhenFull();

        assertThat(group("iglu:a/b/c/1-0-0")).isNotSameAs(group);
    }

    @Test
    void tooManyUrisOfOneNameAreForgottenToo() {
        EntityGroup group = group("iglu:a/b/c/1-0-0");
        for (int i = 0; i < 2000; i++) {
            assertThat(group("iglu:a/b/c/1-0-" + i)).isSameAs(group);
        }

        clearWhenFull();

        assertThat(group("iglu:a/b/c/1-0-0")).isNotSameAs(group);
    }

    @Test
    void aNameOfMegabytesIsForgottenAfterItsLine() {
        String uri = "iglu:a/" + "b".repeat(2_000_000) + "/c/1-0-0";
        EntityGroup group = group(uri);
        assertThat(group(uri)).isSameAs(group);

        clearWhenFull();

        assertThat(group(uri)).isNotSameAs(group);
    }

    private void clearWhenFull() {
        if (names.isFull()) {
            names.clear();
        }
    }

    private EntityGroup group(String uri) {
        return schema(uri).group();
    }

    private String texts(String uri) {
        Output out = new Output(1);
        schema(uri).appendUri(out);
        out.append(' ');
        schema(uri).appendVersion(out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private Schema schema(String uri) {
        byte[] json = Ascii.bytes(uri + "\"       ");
        return Objects.requireNonNull(names.schema(json, 0, uri.length()));
    }
}
