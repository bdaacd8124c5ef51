package io.waybill.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTextTest {

    private static final byte[] NAME = Ascii.bytes("name");

    @Test
    void aMemberIsFoundByItsDecodedNameAmongThoseOfTheObjectItself() {
        assertThat(hasMember("{\"name\":1}")).isTrue();
        assertThat(hasMember("{\"a\":\"}\",\"n\\u0061me\":null}")).isTrue();
        assertThat(hasMember("{\"a\":{\"name\":1},\"b\":[\"name\",{\"name\":2}],\"c\":\"name\"}"))
                .isFalse();
        assertThat(hasMember("{\"nam\":1,\"names\":2}")).isFalse();
    }

    @Test
    void nothingIsReadBehindAnEmptyObject() {
        assertThat(hasMember("{}")).isFalse();
    }

    private static boolean hasMember(String json) {
        return JsonText.hasMember(NAME, Ascii.bytes(json), 0);
    }
}
