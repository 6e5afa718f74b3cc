import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.tdb2.TDB2Factory;

/** Answers SELECT queries over the TDB2 dataset of an assembler file. A line is a query, or an answer in JSON, in base64; ! begins an error. */
public class Tdb2 {
    public static void main(String[] arguments) throws Exception {
        Dataset dataset = TDB2Factory.assembleDataset(arguments[0]);
        dataset.begin(ReadWrite.READ);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line; (line = lines.readLine()) != null; ) {
            String query = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
            String sign = "";
            byte[] answer;
            try (QueryExecution execution = QueryExecutionFactory.create(query, dataset)) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                ResultSetFormatter.outputAsJSON(out, execution.execSelect());
                answer = out.toByteArray();
            } catch (Exception error) {
                sign = "!";
                answer = error.toString().getBytes(StandardCharsets.UTF_8);
            }
            System.out.println(sign + Base64.getEncoder().encodeToString(answer));
        }
    }
}
