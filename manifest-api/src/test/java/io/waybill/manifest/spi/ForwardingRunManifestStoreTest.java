package io.waybill.manifest.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ForwardingRunManifestStoreTest {

    @Test
    void everyMethodOfAStoreGoesOnThoseWithADefaultToo() {
        assertThat(RunManifestStore.class.getMethods())
                .isNotEmpty()
                .allSatisfy(method -> assertThat(ForwardingRunManifestStore.class.getDeclaredMethods())
                        .anyMatch(own -> isTheSame(own, method)));
    }

    private static boolean isTheSame(Method one, Method other) {
        return one.getName().equals(other.getName())
                && Arrays.equals(one.getParameterTypes(), other.getParameterTypes());
    }
}
