package io.edgepush.service;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModuleDirectionTest {
  private static final ImportOption NO_CONTRACT_TESTS =
      location -> !location.contains("-tests.jar");
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(NO_CONTRACT_TESTS)
          .importPackages("io.edgepush");

  @ParameterizedTest(name = "{0} does not know {1}")
  @CsvSource({
    "fallbacks, service",
    "fallbacks, publisher",
    "publisher, service",
    "publisher, fallbacks",
  })
  void aModuleKnowsOnlyTheCore(String name, String unknown) {
    noClasses()
        .that()
        .resideInAPackage("io.edgepush." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.edgepush." + unknown + "..")
        .check(ALL);
  }

  @ParameterizedTest(name = "the core does not know {0}")
  @CsvSource({
    "io.edgepush.service..",
    "io.edgepush.fallbacks..",
    "io.edgepush.publisher..",
    "io.edgepush.bench..",
    "io.helidon..",
    "redis.."
  })
  void theCoreKnowsNoOtherModule(String unknown) {
    noClasses()
        .that()
        .resideInAPackage("io.edgepush..")
        .and()
        .resideOutsideOfPackages(
            "io.edgepush.service..", "io.edgepush.fallbacks..", "io.edgepush.publisher..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(unknown)
        .check(ALL);
  }
}
