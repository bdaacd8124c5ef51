package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StandardOutputTest {

    private static final byte[] BYTES = new byte[1 << 17];

    @TempDir
    private Path folder;

    @Test
    void whatNobodyReadsAnyMoreIsDropped() throws IOException {
        Pipe pipe = Pipe.open();
        try (OutputStream sink = Channels.newOutputStream(pipe.sink())) {
            pipe.source().close();
            assertThatThrownBy(() -> sink.write(BYTES)).isInstanceOf(IOException.class);
            StandardOutput output = new StandardOutput(sink);
            output.write(BYTES);
            output.write(1);
            output.flush();
        }
    }

    @Test
    void whatCannotBeWrittenForAnotherReasonIsAnError() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThatThrownBy(() -> new StandardOutput(full).write(BYTES)).hasMessage("No space left on device");
    }

    @Test
    @EnabledOnOs(OS.LINUX) // for its device that is always full
    void theCommandEndsAsEverWhereItsReaderHasHadEnoughAndFailsWhereTheDiskIsFull() throws Exception {
        Workbench bench = Workbench.initialised(folder);
        bench.waybill("mark", Workbench.run(0) + "/");
        assertThat(codeOf(bench, "| true")).isEqualTo("0 []");
        assertThat(codeOf(bench, "> /dev/full")).isEqualTo("1 [waybill: the output could not be written]");
    }

    /** The exit code and the talk of a list whose output goes elsewhere. */
    private String codeOf(Workbench bench, String elsewhere) throws IOException, InterruptedException {
        Path code = folder.resolve("code");
        String shell = "{ \"$@\"; echo $? >%s; } %s".formatted(code, elsewhere);
        Result result = bench.start(List.of("sh", "-c", shell, "waybill"), List.of(), "list", "--store=" + bench.store)
                .end();
        return Files.readString(code).strip() + " "
                + result.err()
                        .lines()
                        .filter(line -> line.startsWith("waybill: "))
                        .toList();
    }
}
