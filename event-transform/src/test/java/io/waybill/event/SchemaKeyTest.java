package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaKeyTest {

    @Test
    void aUriIsTakenApartAndPutTogetherAgain() {
        SchemaKey schema = SchemaKey.parse("iglu:com.acme-corp/PageView/jsonschema/12-0-345");

        assertThat(schema).isEqualTo(new SchemaKey("com.acme-corp", "PageView", "jsonschema", "12-0-345"));
        assertThat(schema.uri()).isEqualTo("iglu:com.acme-corp/PageView/jsonschema/12-0-345");
        assertThat(schema).hasToString(schema.uri());
        assertThat(schema.key()).isEqualTo("com_acme_corp_page_view_12");
        assertThat(schema.model()).isEqualTo(12);
        assertThat(schema.revision()).isZero();
        assertThat(schema.addition()).isEqualTo(345);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "iglu:",
                "iglu:////",
                "iglu:a/b/c",
                "iglu:a/b/c/",
                "iglu:a/b/c/1-0",
                "iglu:a/b/c/1-0-0/",
                "iglu:a/b/c/d/1-0-0",
                "iglu:a/b/c/0-0-0",
                "iglu:a/b/c/1-01-0",
                "iglu:a//c/1-0-0",
                "iglu:a/b.b/c/1-0-0",
                "iglu:a b/b/c/1-0-0",
                "iglu:ä/b/c/1-0-0",
                "Iglu:a/b/c/1-0-0",
                " iglu:a/b/c/1-0-0",
                "iglu:a/b/c/1-0-0\n",
                "http://iglucentral.com/schemas/a/b/c/1-0-0"
            })
    void aTextThatIsNoUriIsRefused(String uri) {
        assertThatThrownBy(() -> SchemaKey.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'%s' is no Iglu URI, want iglu:vendor/name/format/1-0-0", uri);
    }

    @Test
    void aTextOfMegabytesThatIsNoUriIsCutOff() {
        assertThatThrownBy(() -> SchemaKey.parse("/".repeat(4 << 20)))
                .hasMessage("'%s' is no Iglu URI, want iglu:vendor/name/format/1-0-0", "/".repeat(64));
    }

    @Test
    void partsThatMakeNoUriAreRefused() {
        assertThatThrownBy(() -> new SchemaKey("a", "b/c", "d", "1-0-0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'iglu:a/b/c/d/1-0-0' is no Iglu URI, want iglu:vendor/name/format/1-0-0");
        assertThatThrownBy(() -> new SchemaKey("", "b", "c", "1-0-0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SchemaKey("a/b", "c", "d", "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPartOfTheVersionMayBeOfAnySizeAndSaysWhenItDoesNotFit() {
        SchemaKey largest = SchemaKey.parse("iglu:a/b/c/2147483647-2147483647-2147483647");
        SchemaKey larger = SchemaKey.parse("iglu:a/b/c/2147483648-99999999999-" + "9".repeat(100));

        assertThat(largest.model()).isEqualTo(Integer.MAX_VALUE);
        assertThat(largest.revision()).isEqualTo(Integer.MAX_VALUE);
        assertThat(largest.addition()).isEqualTo(Integer.MAX_VALUE);
        assertThat(larger.key()).isEqualTo("a_b_2147483648");
        assertThatThrownBy(larger::model)
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("2147483648 in version 2147483648-99999999999-999");
        assertThatThrownBy(larger::revision).hasMessageStartingWith("99999999999 in version ");
        assertThatThrownBy(larger::addition)
                .hasMessageStartingWith("9".repeat(64) + " in version ")
                .hasMessageEndingWith(" does not fit an int");
    }
}
