using Rollouts.Manifests.Fields;

namespace Rollouts.Tests.Manifests;

public sealed class ManifestFieldsTests
{
    [Fact]
    public void All_EveryObject_IsListedOnceWithNotes()
    {
        Assert.Equal(ManifestFields.All.Count, ManifestFields.All.Select(s => (s.Kind, s.Path)).Distinct().Count());
        Assert.All(ManifestFields.All.SelectMany(s => s.Fields), f => Assert.NotEmpty(f.Note));
        Assert.All(ManifestFields.All, s => Assert.Contains(s.Fields, f => f.Treatment == FieldTreatment.Supported));
    }

    /// <summary>The fields that Argo Rollouts 1.9 declares for the objects that this project reads (its CRDs' Go types).</summary>
    [Theory]
    [InlineData("Rollout", "spec", "replicas selector template workloadRef minReadySeconds rollbackWindow strategy revisionHistoryLimit paused progressDeadlineSeconds progressDeadlineAbort restartAt analysis")]
    [InlineData("Rollout", "spec.strategy", "blueGreen canary")]
    [InlineData("Rollout", "spec.strategy.canary", "canaryService stableService steps trafficRouting maxUnavailable maxSurge analysis antiAffinity canaryMetadata stableMetadata scaleDownDelaySeconds scaleDownDelayRevisionLimit abortScaleDownDelaySeconds dynamicStableScale pingPong minPodsPerReplicaSet replicaProgressThreshold")]
    [InlineData("Rollout", "spec.strategy.canary.trafficRouting", "istio nginx alb smi ambassador appMesh traefik managedRoutes apisix plugins maxTrafficWeight")]
    [InlineData("Rollout", "spec.strategy.canary.trafficRouting.nginx", "annotationPrefix stableIngress additionalIngressAnnotations stableIngresses canaryIngressAnnotations")]
    [InlineData("Rollout", "spec.strategy.canary.trafficRouting.istio", "virtualService destinationRule virtualServices")]
    [InlineData("Rollout", "spec.strategy.canary.trafficRouting.istio.{virtualService,virtualServices[]}", "name routes tlsRoutes tcpRoutes")]
    [InlineData("Rollout", "spec.strategy.canary.trafficRouting.istio.destinationRule", "name canarySubsetName stableSubsetName additionalSubsetNames")]
    [InlineData("Rollout", "spec.strategy.canary.trafficRouting.traefik", "weightedTraefikServiceName")]
    [InlineData("Rollout", "spec.strategy.canary.trafficRouting.alb", "ingress servicePort rootService annotationPrefix stickinessConfig ingresses")]
    [InlineData("Rollout", "spec.strategy.canary.trafficRouting.alb.stickinessConfig", "enabled durationSeconds")]
    [InlineData("Rollout", "spec.strategy.canary.trafficRouting.plugins.argoproj-labs/gatewayAPI", "httpRoute grpcRoute tcpRoute tlsRoute namespace httpRoutes tcpRoutes grpcRoutes tlsRoutes httpRouteSelector grpcRouteSelector tcpRouteSelector tlsRouteSelector disableInProgressLabel inProgressLabelKey inProgressLabelValue")]
    [InlineData("Rollout", "spec.strategy.canary.steps[].setMirrorRoute", "name match percentage")]
    [InlineData("Rollout", "spec.strategy.canary.steps[].setMirrorRoute.match[]", "method path headers")]
    [InlineData("Rollout", "spec.strategy.canary.steps[]", "setWeight pause experiment analysis setCanaryScale setHeaderRoute setMirrorRoute plugin")]
    [InlineData("Rollout", "spec.strategy.canary.steps[].pause", "duration")]
    [InlineData("Rollout", "spec.strategy.canary.steps[].setHeaderRoute", "name match")]
    [InlineData("Rollout", "spec.strategy.canary.steps[].setHeaderRoute.match[]", "headerName headerValue")]
    [InlineData("Rollout", "spec.strategy.canary.steps[].setHeaderRoute.match[].headerValue", "exact prefix regex")]
    [InlineData("Rollout", "spec.strategy.canary.steps[].analysis", "templates args dryRun measurementRetention analysisRunMetadata")]
    [InlineData("Rollout", "spec.strategy.canary.steps[].analysis.templates[]", "templateName clusterScope")]
    [InlineData("Rollout", "spec.strategy.canary.steps[].analysis.args[]", "name value valueFrom")]
    [InlineData("Rollout", "spec.strategy.canary.steps[].analysis.args[].valueFrom", "podTemplateHashValue fieldRef")]
    [InlineData("AnalysisTemplate", "spec", "metrics args dryRun measurementRetention templates")]
    [InlineData("AnalysisTemplate", "spec.args[]", "name value valueFrom")]
    [InlineData("AnalysisTemplate", "spec.metrics[]", "name interval initialDelay count successCondition failureCondition failureLimit inconclusiveLimit consecutiveErrorLimit provider consecutiveSuccessLimit")]
    [InlineData("AnalysisTemplate", "spec.metrics[].provider", "prometheus kayenta web datadog wavefront newRelic job cloudWatch graphite influxdb skywalking plugin")]
    [InlineData("AnalysisTemplate", "spec.metrics[].provider.prometheus", "address query authentication timeout insecure headers rangeQuery")]
    [InlineData("AnalysisTemplate", "spec.metrics[].provider.prometheus.headers[]", "key value")]
    public void All_EveryFieldOfArgos_IsKnown(string kind, string path, string fields)
    {
        FieldSet set = Assert.Single(ManifestFields.All, s => s.Kind == kind && s.Path == path);

        Assert.Empty(fields.Split(' ').Except(set.Fields.Select(f => f.Name)));
    }
}
