package io.waybill.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and what each may know of the rest of the world. */
class ArchitectureTest {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
            .importPackages("io.waybill");

    /** What the classes of each package may depend on, beside the JDK, JSpecify's annotations and themselves. */
    private static final Map<String, List<String>> MAY_KNOW = Map.of(
            "io.waybill.manifest", List.of("io.waybill.manifest.spi", "org.slf4j"),
            "io.waybill.manifest.spi", List.of("io.waybill.manifest"),
            "io.waybill.manifest.inmemory",
                    List.of("io.waybill.manifest", "io.waybill.manifest.spi", "com.github.benmanes.caffeine.."),
            "io.waybill.manifest.jdbc",
                    List.of("io.waybill.manifest", "io.waybill.manifest.spi", "org.jdbi..", "org.slf4j"),
            "io.waybill.manifest.dynamodb",
                    List.of("io.waybill.manifest", "io.waybill.manifest.spi", "software.amazon.awssdk..", "org.slf4j"),
            "io.waybill.archive", List.of("io.waybill.manifest", "software.amazon.awssdk..", "org.slf4j"),
            "io.waybill.event", List.of());

    @Test
    void everyModuleKnowsOnlyWhatItMay() {
        MAY_KNOW.forEach((module, others) -> {
            String[] allowed = Stream.concat(
                            Stream.of(module, "java..", "javax.sql..", "org.jspecify.annotations"), others.stream())
                    .toArray(String[]::new);
            assertThat(OURS.stream().anyMatch(type -> type.getPackageName().equals(module)))
                    .as("%s was found", module)
                    .isTrue();
            classes()
                    .that()
                    .resideInAPackage(module)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(allowed)
                    .check(OURS);
        });
    }

    @Test
    void nobodyKnowsTheTool() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.waybill.cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.waybill.cli")
                .check(OURS);
    }

    @Test
    void theToolNamesNoBackend() { // it finds them on its class path
        noClasses()
                .that()
                .resideInAPackage("io.waybill.cli")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.waybill.manifest.jdbc", "io.waybill.manifest.dynamodb", "io.waybill.manifest.inmemory")
                .check(OURS);
    }

    @Test
    void modulesFormNoCircle() { // a manifest and its SPI are one module
        slices().matching("io.waybill.(archive|event|cli|manifest.inmemory|manifest.jdbc|manifest.dynamodb)..")
                .should()
                .beFreeOfCycles()
                .check(OURS);
    }

    @Test
    void aRuleThatIsBrokenIsFound() {
        ArchRule broken = noClasses()
                .that()
                .resideInAPackage("io.waybill.archive")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.waybill.manifest");
        assertThat(broken.evaluate(OURS).hasViolation()).isTrue();
    }
}
