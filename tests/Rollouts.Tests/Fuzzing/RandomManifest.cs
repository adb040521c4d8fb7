using System.Text.Json;
using System.Text.Json.Nodes;
using Rollouts.Manifests.Fields;
using Rollouts.Tests.Manifests;

namespace Rollouts.Tests.Fuzzing;

/// <summary>
/// Makes documents up from the reader's own tables: mostly fields that there are, in their places, with values of the right and of the wrong kind. A field
/// that is new in a table is met here without further ado.
/// </summary>
internal sealed class RandomManifest
{
    private static readonly string[] Kinds = [.. ManifestFields.All.Select(s => s.Kind).Distinct()];

    private static readonly string[] Texts =
    [
        "", "a", "web", "error-rate", "5m", "1h30m", "-5s", "10", "result[0] <= 0.01", "result[0] > {{args.x}}", "up", "sum(rate(x_total{a=\"b\"}[5m]))",
        "http://prometheus:9090", "{{args.x}}", "{{ args", "Latest", "Stable", "canary", "ask", "wait", "forever", "a.*", "(", "X-Internal", "\u0000", "é😀",
        "Percent", "never", "apps/v1", "Deployment", "25%", "$.data[0]", "2026-01-01T00:00:00Z", "Europe/Berlin", "Mon-Fri", "09:00",
    ];

    private readonly Random random;

    private RandomManifest(Random random) => this.random = random;

    public static string Text(Random random)
    {
        var manifest = new RandomManifest(random);
        return string.Join("\n---\n", Enumerable.Range(0, random.Next(1, 4)).Select(_ => manifest.Document()));
    }

    private string Document()
    {
        string kind = Pick(Kinds);
        JsonObject document = Object(kind, "", 0);
        document["kind"] = kind;
        document["apiVersion"] = kind == "RolloutPolicy" ? ManifestFields.OwnApiVersion : ManifestFields.ArgoApiVersion;
        return document.ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 });
    }

    private JsonObject Object(string kind, string path, int depth)
    {
        var made = new JsonObject();
        FieldSet? set = FieldSets.Find(kind, path);
        foreach (KnownField field in set?.Fields ?? [])
        {
            bool isRead = field.Treatment is FieldTreatment.Supported or FieldTreatment.Beyond;
            if (random.Next(100) < (isRead ? 60 : 2))
                made[field.Name] = Value(kind, path.Length == 0 ? field.Name : $"{path}.{field.Name}", depth + 1);
        }

        if (set is null || random.Next(50) == 0)
            made[Pick(Texts) + "x"] = Scalar();
        return made;
    }

    private JsonNode? Value(string kind, string path, int depth)
    {
        bool isList = FieldSets.Find(kind, path + "[]") is not null;
        bool isObject = FieldSets.Find(kind, path) is not null;
        return random.Next(20) switch
        {
            0 => Scalar(),
            1 when depth < 12 => new JsonArray(Scalar(), Scalar()),
            _ when isList => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => (JsonNode?)Object(kind, path + "[]", depth))]),
            _ when isObject => Object(kind, path, depth),
            _ => Scalar(),
        };
    }

    private JsonNode? Scalar() => random.Next(10) switch
    {
        0 => JsonValue.Create(random.Next(-2, 200)),
        1 => JsonValue.Create(random.Next()),
        2 => JsonValue.Create(random.NextDouble() * 10),
        3 => JsonValue.Create(random.Next(2) == 0),
        4 => null,
        5 => new JsonObject(),
        _ => JsonValue.Create(Pick(Texts)),
    };

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
