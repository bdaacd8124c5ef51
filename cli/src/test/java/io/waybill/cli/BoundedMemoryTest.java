package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code -Dwaybill.schemas=10000000} takes more schemas. */
class BoundedMemoryTest {

    private static final long SCHEMAS = Long.getLong("waybill.schemas", 1_000_000);

    @Test
    void schemasWithoutEndNeedNoMoreMemoryThanAFew() throws Exception {
        List<String> command = new ArrayList<>(Workbench.java(List.of("-Xmx12m")));
        command.addAll(List.of(DistinctSchemas.class.getName(), Long.toString(SCHEMAS)));

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("TransformCounts[events=%d, badRows=0]".formatted(SCHEMAS / 50));
        assertThat(process.waitFor()).isZero();
    }
}
