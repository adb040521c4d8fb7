using Rollouts.Manifests;
using Rollouts.Manifests.Lint;
using Rollouts.Tests.Manifests;
using Rollouts.Tests.Manifests.Lint;

namespace Rollouts.Tests.Fuzzing;

/// <summary>
/// Two hundred thousand damaged or made-up manifests: whatever stands in one, reading and linting it ends soon, with a release or with problems.
/// </summary>
[Collection(nameof(FuzzCollection))]
public sealed class ManifestFuzzTests
{
    private const int Inputs = 200_000;

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ": ", "- ", "\n", "\n  ", "\t", "\"", "'", "|", ">", "&a", "*a", "!!str ", "#", "%", "---\n", "...\n", "<<: ", "? ",
        "{{args.x}}", "{{", "}}", "null", "true", "-1", "9999999999999999999", "1e999", "\0", "\u2028", "\ud83d", "\uFEFF", "setWeight", "metrics",
        "name: error-rate", "5m", "result[", "0x", "~", "\r", "\\", "\\u0000", "@", "sum by (le) (", "[5m]", " or vector(0)", "rate(", "=~\"5..\"",
    ];

    private static readonly string[] Seeds =
    [
        Manifest.Article,
        Manifest.Rollout + "---\n" + Manifest.Template,
        LintRuleTests.Clean,
        Full,
        Deployed,
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "templates"), "*.yaml").Order().Select(File.ReadAllText),
    ];

    [Fact]
    public void Read_RandomInput_EndsSoonWithAReleaseOrWithProblems()
    {
        Assert.All(Seeds, seed => Assert.DoesNotContain(ReleaseReader.Validate(Manifest.Files(seed)), p => p.Severity == ProblemSeverity.Error));
        var (released, linted) = (0, 0);

        FuzzRun.Run(
            Inputs,
            seed: 20260801,
            random => random.Next(4) == 0
                ? RandomManifest.Text(random)
                : TextMutation.Mutate(Seeds[random.Next(Seeds.Length)], Pieces, random),
            text =>
            {
                ReleaseReading reading = ReleaseReader.Read(Manifest.Files(text), LintOptions.Default);
                if (reading.HasErrors != reading.Release is null || reading.Problems.Any(p => p.Line < 1 || p.Line > text.Length + 1))
                    throw new InvalidOperationException(string.Join('\n', reading.Problems));
                Interlocked.Add(ref released, reading.Release is null ? 0 : 1);
                Interlocked.Add(ref linted, reading.Problems.Any(p => p.Rule is not null) ? 1 : 0);
            });

        // Some mutants are fine, most are not; anything else says that the mutations are too weak or too strong.
        Assert.InRange(released, Inputs / 100, Inputs / 2);
        Assert.InRange(linted, Inputs / 100, released);
    }

    private const string Full = """
        apiVersion: rolloutfunctions/v1
        kind: RolloutPolicy
        spec:
          noData: {action: wait, for: 5m, then: ask}
          question: {openFor: 1h, onExpiry: continue}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: shop, labels: {a: b}}
        spec:
          paused: false
          strategy:
            canary:
              canaryService: c
              stableService: s
              trafficRouting:
                maxTrafficWeight: 1000
                managedRoutes: [{name: internal}]
                nginx: {stableIngresses: [a, b], additionalIngressAnnotations: {load-balance: ewma}}
              steps:
              - setHeaderRoute: {name: internal, match: [{headerName: X-Canary, headerValue: {regex: "a.*"}}]}
              - setWeight: &w 50
              - analysis:
                  templates: [{templateName: both}, {templateName: shared, clusterScope: true}]
                  args: [{name: x, value: "0.5"}, {name: hash, valueFrom: {podTemplateHashValue: Latest}}]
                  dryRun: [{metricName: lat.*}]
              - setHeaderRoute: {name: internal}
              - setWeight: *w
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: both}
        spec:
          args: [{name: x}, {name: hash}, {name: q, value: "0.99"}]
          metrics:
          - name: rate
            interval: 30s
            count: "5"
            successCondition: len(result) == 0 || result[0] <= {{args.x}}
            failureCondition: any(result, {# > 0.9})
            failureLimit: 2
            inconclusiveLimit: 1
            provider:
              prometheus:
                address: http://p:9090
                query: |
                  sum(rate(x{h="{{args.hash}}"}[5m]))
                headers: [{key: X-Scope-OrgID, value: t}]
          - {name: latency, failureCondition: "result[0] > 3", provider: {prometheus: {query: "histogram_quantile({{args.q}}, sum by (le) (x))"}}}
        ---
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "ClusterAnalysisTemplate", "metadata": {"name": "shared"},
         "spec": {"metrics": [{"name": "up", "successCondition": "all(result, # == 1)", "provider": {"prometheus": {"query": "up"}}}]}}

        """;

    // What Full has no place for: pods, the other routers, everything about secrets, the web provider and most of a policy.
    private const string Deployed = """
        apiVersion: rolloutfunctions/v1
        kind: RolloutPolicy
        spec:
          firstDeployment: analyse
          deadline: 12h
          minimumRequests: {query: "sum(increase(r[5m]))", count: 100}
          metrics: [{name: web-check, noData: {action: continue}}]
          schedule:
            timeZone: Europe/Berlin
            businessHours: [{days: [Mon, Fri], from: "09:00", to: "17:30"}]
            freezes: [{from: "2026-12-20", to: "2027-01-03 12:00", reason: holidays}]
          background: {startOn: startingStep}
          bake: {for: 30m, analysis: {templates: [{templateName: nested}], args: [{name: hash, valueFrom: {podTemplateHashValue: Latest}}]}}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: api, namespace: shop, labels: {team: a}}
        spec:
          replicas: 4
          progressDeadlineSeconds: 300
          progressDeadlineAbort: true
          rollbackWindow: {revisions: 3}
          selector: {matchLabels: {app: api}}
          template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, image: "api:2"}]}}
          strategy:
            canary:
              canaryService: c
              stableService: s
              minPodsPerReplicaSet: 2
              abortScaleDownDelaySeconds: 60
              trafficRouting: {managedRoutes: [{name: a}, {name: m}], istio: {virtualService: {name: v, routes: [primary]}}}
              analysis: {startingStep: 1, templates: [{templateName: nested}], args: [{name: hash, valueFrom: {podTemplateHashValue: Latest}}]}
              steps:
              - setCanaryScale: {weight: 20}
              - setHeaderRoute: {name: a, match: [{headerName: X-A, headerValue: {prefix: b}}, {headerName: X-B, headerValue: {exact: c}}]}
              - setMirrorRoute: {name: m, percentage: 35, match: [{method: {exact: GET}, path: {prefix: /x}, headers: {X-C: {regex: "d+"}}}]}
              - experiment:
                  duration: 10m
                  templates: [{name: baseline, specRef: stable, replicas: 2}, {name: new, specRef: canary, replicas: 2}]
                  analyses: [{name: both, templateName: nested, args: [{name: hash, valueFrom: {podTemplateHashValue: Latest}}], requiredForCompletion: true}]
              - setCanaryScale: {matchTrafficWeight: true}
              - setMirrorRoute: {name: m}
              - setWeight: 40
              - pause: {}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: nested, namespace: shop}
        spec:
          args: [{name: hash}, {name: token, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: team, valueFrom: {fieldRef: {fieldPath: "metadata.labels['team']"}}}]
          templates: [{templateName: range}]
          measurementRetention: [{metricName: web, limit: 20}]
          metrics:
          - name: web-check
            interval: 1m
            count: 3
            successCondition: result.ok && result.errors < 5
            provider:
              web:
                url: "http://service/{{args.team}}/v?version={{args.hash}}"
                method: POST
                timeoutSeconds: 5
                jsonPath: "{$.data}"
                headers: [{key: Authorization, value: "Bearer {{args.token}}"}]
                jsonBody: {version: "{{args.hash}}", on: true}
                authentication: {oauth2: {tokenUrl: "http://tokens/", clientId: me, clientSecret: "{{args.token}}", scopes: [read]}}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: range, namespace: shop}
        spec:
          args: [{name: token, valueFrom: {secretKeyRef: {name: s, key: k}}}]
          metrics:
          - name: spans
            count: 1
            successCondition: all(result, {# < 1})
            provider:
              prometheus:
                query: up
                rangeQuery: {start: "now() - duration('1h')", end: now(), step: 1m}
                authentication: {basicAuth: {username: me, password: "{{args.token}}"}}

        """;
}
