import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileReport;

/** Opens an OWL file with the OWL API, on which Protégé stands, and prints what it found. */
public class OpenOwl {
    public static void main(String[] arguments) throws Exception {
        OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
        OWLOntology ontology = manager.loadOntologyFromOntologyDocument(new File(arguments[0]));
        OWLProfileReport report = new OWL2DLProfile().checkOntology(ontology);
        System.out.println("ontologies " + manager.ontologies().count());
        System.out.println("individuals " + ontology.individualsInSignature().count());
        System.out.println("violations " + report.getViolations().size());
        report.getViolations().stream().limit(5).forEach(System.out::println);
    }
}
