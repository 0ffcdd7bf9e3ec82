# Edgepush on AWS. In files by what they make:
#   network.tf    the VPC, where none is given          security.tf   who reaches what
#   redis.tf      ElastiCache                           secrets.tf    what tasks get
#   balancers.tf  clients' and publishers' entrances    service.tf    the ECS service
#   scaling.tf    on connections and CPU                operations.tf logs and alarms
#   edge.tf       Route 53, WAF, CloudFront             iam.tf, kms.tf
