package io.waybill.cli;

import io.waybill.manifest.RunManifestStores;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Says what is wrong. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Looks at backends, store, table, rights and clock; says what is wrong and what to do. Changes nothing.")
final class DoctorCommand extends StoreCommand {

    private DoctorCommand() {}

    @Override
    public Integer call() throws IOException {
        List<ClassLoader> loaders = Stream.of(
                        Thread.currentThread().getContextClassLoader(), RunManifestStores.class.getClassLoader())
                .flatMap(Stream::ofNullable)
                .distinct()
                .toList();
        Doctor doctor = new Doctor(loaders, InstantSource.system());
        doctor.examineBackends();
        if (storeChoice().isMissing()) {
            err().println(
                            "no store is named, and the default one is not there yet: it is made when the first record is written");
        } else {
            doctor.examineStore(storeChoice()::openAsItIs);
        }
        List<Doctor.Finding> wrong =
                doctor.findings().stream().filter(f -> !f.good()).toList();
        if (format().isForPeople()) {
            printForPeople(doctor.findings(), wrong);
        } else {
            Table table = new Table("check", "verdict", "found", "remedy");
            doctor.findings().forEach(f -> table.add(f.check(), verdict(f), f.found(), f.good() ? null : f.remedy()));
            format().print(table, "");
        }
        return wrong.isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
    }

    /** What is wrong stands at the end, where it is seen, on lines that a terminal may break. */
    private void printForPeople(List<Doctor.Finding> findings, List<Doctor.Finding> wrong) throws IOException {
        Table table = new Table("check", "verdict", "found");
        findings.forEach(f -> table.add(f.check(), verdict(f), f.good() ? f.found() : "see below"));
        format().print(table, "");
        wrong.forEach(f -> out().printf("%n%s: %s%n  what to do: %s%n", f.check(), f.found(), f.remedy()));
        out().flush();
    }

    private static String verdict(Doctor.Finding finding) {
        return finding.good() ? "GOOD" : "WRONG";
    }
}
