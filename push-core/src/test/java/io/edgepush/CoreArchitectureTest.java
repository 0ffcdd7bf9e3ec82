package io.edgepush;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoreArchitectureTest {
  private static final String JSON = "com.fasterxml.jackson.core..";
  private static final String CBOR = "com.fasterxml.jackson.dataformat.cbor..";
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.edgepush");

  @Test
  void theCoreKnowsTheJdkAndTheJsonLibraryOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", JSON, CBOR, "io.edgepush..")
        .check(CORE);
  }

  @ParameterizedTest(name = "{0} knows of the core only: {1}")
  @CsvSource(
      nullValues = "nothing",
      value = {
        "model,     nothing",
        "wire,      model",
        "backplane, model",
        "access,    model",
        "hub,       model wire backplane access",
        "link,      model wire hub",
      })
  void aPackageKnowsOnlyThoseBeneathIt(String name, String beneath) {
    String[] known =
        Stream.concat(
                Stream.of("java..", JSON, CBOR, "io.edgepush." + name + ".."),
                Stream.ofNullable(beneath)
                    .flatMap(names -> Stream.of(names.split(" ")))
                    .map(other -> "io.edgepush." + other + ".."))
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage("io.edgepush." + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(known)
        .check(CORE);
  }

  @Test
  void noPackagesDependOnEachOtherInACircle() {
    slices().matching("io.edgepush.(*)..").should().beFreeOfCycles().check(CORE);
  }
}
