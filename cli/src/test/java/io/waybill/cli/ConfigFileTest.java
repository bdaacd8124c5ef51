package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

    @TempDir
    private Path folder;

    @Test
    @DisabledOnOs(OS.WINDOWS) // for the command env
    void whatIsTypedWinsOverTheEnvironmentAndThatOverTheFile() throws Exception {
        Workbench bench = new Workbench(folder);
        Files.writeString(folder.resolve(ConfigFile.NAME), "store=jdbc:h2:file:./f\njob=file\ninit.job=file\n");
        List<String> environment = List.of("env", "WAYBILL_JOB=environment");
        assertThat(bench.start("init").end().err())
                .contains("ready: jdbc:h2:file:./f")
                .contains("job file");
        assertThat(bench.start(environment, List.of(), "init").end().err()).contains("job environment");
        assertThat(bench.start(environment, List.of(), "init", "--job=typed")
                        .end()
                        .err())
                .contains("job typed");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // for the command env
    void twoJobsOfWhichNoneIsTypedAsAnOptionAreWrongUsage() throws Exception {
        Workbench bench = new Workbench(folder);
        List<String> environment = List.of("env", "WAYBILL_JOB=environment");
        String store = "--store=jdbc:h2:file:./f?job=located";
        Result two = bench.start(environment, List.of(), "init", store).end();
        assertThat(two.code()).isEqualTo(ExitCode.USAGE);
        assertThat(two.err()).contains("'environment'", "'located'", "--job");
        assertThat(Workbench.namesIn(folder)).noneMatch(name -> name.startsWith("f."));
        assertThat(bench.start(environment, List.of(), "init", store, "--job=typed")
                        .end()
                        .err())
                .contains("job typed");
        assertThat(bench.start(environment, List.of(), "init", store.replace("located", "environment"))
                        .end()
                        .err())
                .contains("job environment");
    }

    @Test
    void aKeyThatIsNoOptionIsWrongUsage() throws Exception {
        Workbench bench = new Workbench(folder);
        Files.writeString(folder.resolve(ConfigFile.NAME), "transform.leese=5m\n");
        Result result = bench.start("list").end();
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("waybill.properties: 'transform.leese' is no option of a command");
    }

    @Test
    void aDryRunOfInitMakesNothing() throws IOException {
        String store = "--store=jdbc:h2:file:" + folder.resolve("m");
        assertThat(Workbench.call("init", "--dry-run", store).err()).contains("would be made");
        assertThat(folder).isEmptyDirectory();
        Workbench.call("init", store);
        assertThat(Workbench.call("init", "--dry-run", store).err()).contains("is there already");
    }
}
